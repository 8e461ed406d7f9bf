import { newDockerfile, mutate } from './dockerfile.ts';
import type { Random } from './random.ts';
import { name, platforms, remotes, stages, word } from './words.ts';

/** A request as `npm run golden -- convert` takes it. */
export interface FuzzRequest {
  readonly id: string;
  readonly dockerfile: string;
  readonly opts: Readonly<Record<string, unknown>>;
  readonly images?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** The request of that number; `corpus` are Dockerfiles to change, it may be empty. */
export function makeRequest(id: string, corpus: readonly string[], random: Random): FuzzRequest {
  const dockerfile = makeDockerfile(corpus, random);
  return {
    id,
    dockerfile,
    opts: random.chance(0.5) ? {} : options(random),
    ...(random.chance(0.15) ? { images: images(random) } : {}),
    ...(random.chance(0.1) ? { files: { '.dockerignore': ignoreFile(random) } } : {}),
  };
}

function makeDockerfile(corpus: readonly string[], random: Random): string {
  const seed = corpus[random.below(corpus.length)];
  if (seed === undefined || random.chance(0.3)) return newDockerfile(random);
  return mutate(seed, corpus[random.below(corpus.length)] ?? '', random);
}

type Option = readonly [key: string, make: (random: Random) => unknown];

const choices: readonly [Option, ...Option[]] = [
  ['target', (random) => random.pick(stages)],
  ['platform', (random) => [random.pick(platforms), ...random.some(1, () => random.pick(platforms))].join(',')],
  ['buildPlatform', (random) => random.pick(['linux/arm64', 'linux/amd64', 'windows/amd64', 'linux/arm/v7'])],
  ['buildArgs', (random) => buildArgs(random)],
  ['labels', (random) => Object.fromEntries(random.some(2, () => [name(random), word(random)]))],
  ['noCache', () => true],
  ['ignoreCache', (random) => random.some(2, () => random.pick(stages))],
  ['imageResolveMode', (random) => random.pick(['pull', 'local', 'default', 'x'])],
  [
    'addHosts',
    (random) =>
      random.some(2, () =>
        random.pick(['a=1.2.3.4', 'B:::1', 'c=fe80::1%eth0', 'd=[::2]', 'e', '"a=1.1.1.1"', 'x=1.2.3']),
      ),
  ],
  ['shmSize', (random) => random.pick(['0', '67108864', '-1', 'x', '9223372036854775807', '1k', '+5', '0x10'])],
  [
    'ulimits',
    (random) =>
      random.some(2, () =>
        random.pick([
          'nofile=1024',
          'nofile=1:2',
          'nproc=3:2',
          'x=1',
          'core=-1',
          'cpu=a',
          'data',
          'fsize=1:',
          'nofile=01',
        ]),
      ),
  ],
  ['cgroupParent', (random) => random.pick(['p', '', '/a/b'])],
  ['networkMode', (random) => random.pick(['host', 'none', 'sandbox', 'default', 'x', ''])],
  ['hostname', (random) => random.pick(['h', ''])],
  [
    'sourceDateEpoch',
    (random) =>
      random.pick([
        '0',
        '1700000000',
        'context',
        '',
        '-1',
        'x',
        '1e9',
        'base',
        '99999999999',
        '9223372036854775807',
        '$A',
        '+1',
      ]),
  ],
  ['multiPlatform', (random) => random.pick(['true', 'false', '1', 'x', 'T'])],
  [
    'llbCaps',
    (random) =>
      random.pick<unknown>([
        'old',
        'no-mergeop',
        { disable: ['exec.meta.cdi'] },
        { disable: ['exec.meta.setsdefaultpath'] },
        { only: [] },
        { disable: ['exec.mount.bind.readwrite-nooutput', 'exec.mount.tmpfs.size'] },
      ]),
  ],
  ['namedContexts', (random) => namedContexts(random)],
  ['dockerignore', (random) => ignoreFile(random)],
  ['cacheNS', (random) => random.pick(['ns', '', 'a/b'])],
  ['context', (random) => random.pick(remotes)],
  ['devices', (random) => random.some(2, () => random.pick(['v/c=d', 'v/c=e?', 'x']))],
  ['attrs', (random) => attributes(random)],
];

function options(random: Random): Record<string, unknown> {
  const some = [random.pick(choices), ...random.some(2, () => random.pick(choices))];
  return Object.fromEntries(some.map(([key, make]) => [key, make(random)]));
}

const magicArgs: readonly [string, ...string[]] = [
  'BUILDKIT_SBOM_SCAN_CONTEXT',
  'BUILDKIT_SBOM_SCAN_STAGE',
  'BUILDKIT_MULTI_PLATFORM',
  'BUILDKIT_SANDBOX_HOSTNAME',
  'BUILDKIT_DOCKERFILE_CHECK',
  'BUILDKIT_CONTEXT_KEEP_GIT_DIR',
  'BUILDKIT_CACHE_MOUNT_NS',
  'BUILDKIT_DISABLE_FILEOP',
  'BUILDKIT_INLINE_CACHE',
  'TARGETPLATFORM',
  'TARGETARCH',
  'BUILDPLATFORM',
  'TARGETSTAGE',
  'HTTP_PROXY',
  'https_proxy',
  'No_Proxy',
  'ALL_PROXY',
  'FTP_PROXY',
  'SOURCE_DATE_EPOCH',
  'PATH',
];

function buildArgs(random: Random): Record<string, string> {
  const values = (): string =>
    random.pick([
      'true',
      'false',
      '1',
      'base',
      'base,build',
      'x',
      '',
      'skip=all',
      'error=true',
      'linux/arm64',
      '0',
      'context',
    ]);
  const one = (): [string, string] =>
    random.chance(0.6) ? [random.pick(magicArgs), values()] : [name(random), word(random)];
  return Object.fromEntries([one(), ...random.some(3, one)]);
}

const contextValues: readonly [string, ...string[]] = [
  'docker-image://golden/other',
  'docker-image://scratch',
  'docker-image://golden/other@sha256:' + 'c'.repeat(64),
  'local:extra',
  'https://example.com/a.tar',
  'https://github.com/a/b.git#main',
  'git@github.com:a/b.git',
  'oci-layout://store@sha256:' + 'd'.repeat(64),
  'oci-layout://store:tag',
  'oci-layout://a/b:c@sha256:' + 'e'.repeat(64),
  'input:none',
  'nope:x',
  'bad',
  'docker-image://A B',
  'target:base',
  'git://example.com/x.git',
  'local:',
];

function namedContexts(random: Random): Record<string, string> {
  const key = (): string =>
    random.pick([
      'base',
      'build',
      'alpine',
      'alpine::linux/amd64',
      'golden/plain',
      'busybox:1.36',
      'context',
      'scratch',
      'extra',
      'ubuntu',
      'base::linux/arm64',
      'Final',
      'final',
      'docker.io/library/alpine',
    ]);
  return Object.fromEntries([0, ...random.some(2, () => 0)].map(() => [key(), random.pick(contextValues)]));
}

function attributes(random: Random): Record<string, string> {
  const keys = [
    'memory',
    'memswap',
    'cpushares',
    'cpuperiod',
    'cpuquota',
    'cpusetcpus',
    'cpusetmems',
    'contextsubdir',
    'build-arg:BUILDKIT_DOCKERFILE_CHECK',
    'attest:sbom',
    'cache-from',
    'override-copy-image',
    'contextkey',
    'dockerfilekey',
    'local-sessionid:context',
    'no-cache',
    'filename',
  ] as const;
  const value = (): string =>
    random.pick([
      '1',
      '0',
      '-1',
      'x',
      '',
      '0-3',
      '0,2-1',
      '1,a',
      'sub/dir',
      '../x',
      'skip=all',
      'error=true;skip=A,b',
      'generator=A',
      '[{"Type":"registry"}]',
      '[',
      'true',
      '18446744073709551616',
      'base,final',
      '007',
      '1_0',
    ]);
  return Object.fromEntries([0, ...random.some(1, () => 0)].map(() => [random.pick(keys), value()]));
}

function ignoreFile(random: Random): string {
  const lines = [
    '*',
    '!a',
    'a',
    '**/x',
    '[',
    '# c',
    '',
    ' b ',
    '/abs',
    '*.txt',
    '!*.txt',
    'a/b',
    '../x',
    '!',
    '\\',
    'Dockerfile',
    '.',
  ] as const;
  return random.some(4, () => random.pick(lines)).join('\n');
}

function images(random: Random): Record<string, unknown> {
  const key = random.pick(['*', 'alpine', 'golden/plain', 'golden/other:1|linux/amd64', '*|linux/arm64']);
  return { [key]: image(random) };
}

function image(random: Random): unknown {
  if (random.chance(0.08)) return { $error: random.pick(['not found', 'denied: no\nsecond line']) };
  if (random.chance(0.05))
    return { $redirect: random.pick(['https://example.com/x', 'local://y', 'git://example.com/z', 'x']) };
  const config = {
    architecture: random.pick(['amd64', 'arm64', '', 'arm']),
    os: random.pick(['linux', 'windows', '', 'linux']),
    ...(random.chance(0.2) ? { variant: random.pick(['v8', 'v7', '']) } : {}),
    ...(random.chance(0.1) ? { 'os.version': '10.0.1', 'os.features': ['win32k'] } : {}),
    ...(random.chance(0.2) ? { created: '2020-01-02T03:04:05Z', author: 'x' } : {}),
    ...(random.chance(0.1) ? { unknown: 1 } : {}),
    config: imageSettings(random),
    rootfs: { type: 'layers', ...(random.chance(0.8) ? { diff_ids: [`sha256:${'1'.repeat(64)}`] } : {}) },
    ...(random.chance(0.6) ? { history: [{ created_by: 'x', empty_layer: random.chance(0.5) }] } : {}),
  };
  if (random.chance(0.05)) return { $digest: '', $config: config };
  return random.chance(0.03) ? { $digest: 'sha256:bad', $config: config } : config;
}

function imageSettings(random: Random): Record<string, unknown> {
  const maybe = (key: string, value: unknown): Record<string, unknown> => (random.chance(0.2) ? { [key]: value } : {});
  return {
    ...maybe(
      'Env',
      random.some(3, () => random.pick(['PATH=/x', 'A=1', 'B', '=x', 'A=2', 'foo=$A', 'path=y'])),
    ),
    ...maybe('WorkingDir', random.pick(['/w', 'rel', 'C:\\w', ''])),
    ...maybe('User', random.pick(['1000', 'a:b', ''])),
    ...maybe('Shell', random.pick([['bash', '-c'], [], ['powershell']])),
    ...maybe('Cmd', ['a']),
    ...maybe('Entrypoint', ['e']),
    ...maybe('Labels', { z: '1', a: '<&>' }),
    ...maybe('ExposedPorts', { '80/tcp': {} }),
    ...maybe('Volumes', { '/v': {} }),
    ...maybe('StopSignal', 'SIGINT'),
    ...maybe('Healthcheck', { Test: ['CMD', 'x'], Interval: 5 }),
    ...maybe(
      'OnBuild',
      random.some(2, () =>
        random.pick([
          'RUN x',
          'COPY a b',
          'COPY --from=golden/other:1 /a /b',
          'ENV A=9',
          'FROM a',
          'NOPE',
          'ADD . /x',
          'RUN --mount=from=base x',
          'WORKDIR y',
          '',
          'ARG Q',
          'RUN a\nRUN b',
          'ONBUILD RUN x',
          'MAINTAINER me',
        ]),
      ),
    ),
  };
}
