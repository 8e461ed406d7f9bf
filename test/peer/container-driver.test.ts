// Builders in containers: what both programs ask the engine for, and what they show.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { type BuildkitImage, buildkitImage } from '../support/buildkit-image.ts';
import { ca } from '../support/certificates.ts';
import type { Ran } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { SentRequests } from '../support/sent-requests.ts';
import { tarEntries } from '../support/tar-entries.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;
let image: BuildkitImage;
let relay: Relay;
let dir: string;
const sent = new SentRequests();
const id = String(process.pid);

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  image = await buildkitImage(peers.engine, buildkitd.port);
  relay = await startRelay(peers.engine.socket, { onSent: (connection, chunk) => sent.add(connection, chunk) });
  dir = await mkdtemp(join(tmpdir(), 'tsbx-container-'));
});
after(async () => {
  await relay?.[Symbol.asyncDispose]();
  await buildkitd?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
  await peers?.[Symbol.asyncDispose]();
});

/** Makes a builder whose node lives behind the relay; disposing removes it with its container and cache. */
async function makeBuilder(
  name: string,
  args: readonly string[] = [],
): Promise<AsyncDisposable & { readonly name: string; readonly container: string }> {
  const builder = `${name}${id}`;
  const options = Object.entries({ image: image.name, ...image.driverOpts }).map(([key, value]) => `${key}=${value}`);
  const create = ['create', '--name', builder, '--driver', 'docker-container', '--driver-opt', options.join(',')];
  const made = await peers.run('theirs', [...create, ...args], { env: { DOCKER_HOST: relay.host } });
  assert.equal(made.code, 0, made.stderr);
  const container = `buildx_buildkit_${builder}0`;
  return {
    name: builder,
    container,
    async [Symbol.asyncDispose]() {
      await removeContainer(container);
      await peers.run('theirs', ['rm', '--force', builder]);
    },
  };
}

async function removeContainer(container: string): Promise<void> {
  await peers.engine.docker(['rm', '-f', container]);
  await peers.engine.docker(['volume', 'rm', '-f', `${container}_state`]);
}

/** What is said when a value is not: Go sends all fields, this program those that matter. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutDefaults).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) {
    return value === '' || value === 0 || value === false || value === null ? undefined : value;
  }
  const kept = Object.entries(value)
    .map(([key, item]): [string, unknown] => [key, withoutDefaults(item)])
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

interface Asked {
  readonly ran: Ran;
  readonly created: unknown;
  readonly copied: readonly string[];
}

async function bootstrap(side: Side, builder: string, env: Readonly<Record<string, string>> = {}): Promise<Asked> {
  sent.clear();
  const ran = await peers.run(side, ['inspect', '--bootstrap', builder], { env });
  assert.equal(ran.code, 0, ran.stderr);
  const { all } = sent;
  const create = all.find(({ path }) => path.startsWith('/containers/create?name='));
  const copies = all.filter(({ method }) => method === 'PUT');
  return {
    ran,
    created: withoutDefaults(JSON.parse(create?.body.toString() ?? 'null')),
    // directories are made by whoever unpacks; the peer's owner is root too
    copied: copies
      .flatMap(({ body }) => tarEntries(body))
      .filter((line) => line.startsWith('0 '))
      .map((line) =>
        line
          .split(' ')
          .filter((_, at) => at > 3)
          .join(' '),
      )
      .toSorted(),
  };
}

/** The names of steps and their parts, once and without times; the peer, older than 0.36, calls one part otherwise. */
function steps(stderr: string): string[] {
  const lines = stderr
    .replaceAll('pulling failed, using', 'using')
    .replaceAll(/(?: [\d.]+s)?(?: done)?$/gm, '')
    .split('\n');
  return lines.filter((line, at) => line !== lines[at - 1]);
}

describe('the same container', () => {
  const rows: readonly [name: string, args: readonly string[]][] = [
    ['plain', []],
    [
      'limits',
      [
        '--driver-opt',
        'memory=512m,memory-swap=-1,cpu-period=50000,cpu-quota=40000,cpu-shares=512,cpuset-cpus=0,cpuset-mems=0',
        '--driver-opt',
        'cgroup-parent=/mine,restart-policy=on-failure:2,env.FOO=b=r,default-load=true',
        '--buildkitd-flags',
        '--debug --allow-insecure-entitlement security.insecure',
      ],
    ],
  ];
  for (const [name, args] of rows) {
    it(`made with ${name} options`, async () => {
      await using builder = await makeBuilder(name, args);
      const theirs = await bootstrap('theirs', builder.name);
      await removeContainer(builder.container);
      const ours = await bootstrap('ours', builder.name);
      assert.deepEqual(ours.created, theirs.created);
      assert.ok(ours.created);
      assert.deepEqual(steps(ours.ran.stderr), steps(theirs.ran.stderr));
      assert.match(ours.ran.stdout, /^Status: +running$/m);
      // Go's order of options is random
      const shown = ({ stdout }: Ran): string =>
        stdout
          .replace(/^Last Activity: .*$/m, '')
          .replace(/^ org\.mobyproject\.buildkit\.worker\.hostname: .*$/m, '')
          .replace(/(?<=^Driver Options: +)\S.*$/m, (options) => options.split(' ').toSorted().join(' '));
      assert.equal(shown(ours.ran), shown(theirs.ran));
    });
  }

  it('with the same files in it', async () => {
    await writeFile(join(dir, 'ca.pem'), ca);
    const config = join(dir, 'buildkitd.toml');
    await writeFile(config, `debug = true\n[registry."reg.test:5000"]\n  ca = ["${dir}/ca.pem"]\n`);
    await writeFile(join(dir, 'event.json'), '{"after":"0123"}');
    await using builder = await makeBuilder('files', ['--buildkitd-config', config]);
    const theirs = await bootstrap('theirs', builder.name);
    await removeContainer(builder.container);
    const run = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: join(dir, 'event.json') };
    const ours = await bootstrap('ours', builder.name, run);
    assert.deepEqual(ours.created, theirs.created);
    const added = 'buildkit/provenance.d/github_actions_context.json';
    assert.deepEqual(
      ours.copied.filter((line) => !line.startsWith(added)),
      theirs.copied,
    );
    assert.deepEqual(
      ours.copied.map((line) => line.split(' ')[0]),
      ['buildkit/buildkitd.toml', 'buildkit/certs/reg.test_5000/ca.pem', added],
    );
    assert.match(ours.copied.at(-1) ?? '', /"github_event_payload":\{"after":"0123"\}/);
  });
});

it('a build makes the container, and says so in the same words', async () => {
  await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
  await using builder = await makeBuilder('build');
  const first = async (side: Side): Promise<string[]> => {
    const { code, stderr } = await peers.build(side, context.dir, ['--builder', builder.name, '-o', 'type=cacheonly']);
    assert.equal(code, 0, stderr);
    return steps(stderr.split('\n\n').slice(0, 2).join('\n'));
  };
  const theirs = await first('theirs');
  await removeContainer(builder.container);
  assert.deepEqual(await first('ours'), theirs);
  assert.match(
    theirs.join('\n'),
    /^#0 building with "build\d+" instance using docker-container driver\n#1 \[internal\] booting/,
  );
});

it('builds that begin together make one container between them', async () => {
  await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
  await using builder = await makeBuilder('together');
  const builds = [1, 2, 3, 4].map(() =>
    peers.build('ours', context.dir, ['--builder', builder.name, '-o', 'type=cacheonly']),
  );
  const ends = await Promise.all(builds);
  assert.deepEqual(
    ends.map(({ code, stderr }) => (code === 0 ? '' : stderr)),
    ['', '', '', ''],
  );
  assert.match(
    ends.map(({ stderr }) => stderr).join(''),
    /^#0 building with "together\d+" instance using docker-container driver\n\n#1 \[internal\] booting buildkit\n/m,
  );
  // the peer takes over what this program made
  const theirs = await peers.build('theirs', context.dir, ['--builder', builder.name, '-o', 'type=cacheonly']);
  assert.equal(theirs.code, 0, theirs.stderr);
  assert.doesNotMatch(theirs.stderr, /booting/);
});

it('a daemon that does not stay up is told with its own words', async () => {
  await using builder = await makeBuilder('broken', [
    '--driver-opt',
    'restart-policy=no',
    '--buildkitd-flags',
    '--nonsense',
  ]);
  const { code, stderr } = await peers.run('ours', ['inspect', '--bootstrap', builder.name]);
  assert.equal(code, 1);
  assert.match(stderr, /^#1 [\d.]+ .*flag provided but not defined: -nonsense$/m);
  assert.match(
    stderr,
    /ERROR: buildkitd in container buildx_buildkit_broken\d+ ended with exit code 1: what it wrote is above\n$/,
  );
});

it('an image that is nowhere', async () => {
  await using builder = await makeBuilder('nowhere', ['--driver-opt', 'image=localhost:1/none']);
  const [theirs, ours] = [
    await peers.run('theirs', ['inspect', '--bootstrap', builder.name]),
    await peers.run('ours', ['inspect', '--bootstrap', builder.name]),
  ];
  assert.deepEqual([ours.code, steps(ours.stderr)], [theirs.code, steps(theirs.stderr)]);
});

it('BUILDX_DEFAULT_POLICY is not passed over', async () => {
  const trusted = `moby/buildkit:test-${id}`;
  await peers.engine.docker(['tag', image.name, trusted]);
  await using builder = await makeBuilder('policy', ['--driver-opt', `image=${trusted}`]);
  const env = { BUILDX_DEFAULT_POLICY: '1' };
  const refused = await peers.run('ours', ['inspect', '--bootstrap', builder.name], { env });
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /ERROR: BUILDX_DEFAULT_POLICY asks for a verified moby\/buildkit:test-\d+, and signatures /,
  );
  const file = join(peers.configDir, 'buildx/instances', builder.name);
  const allowed = (await readFile(file, 'utf8')).replace(
    '"DriverOpts":{',
    '"DriverOpts":{"allow-untrusted-image":"true",',
  );
  await writeFile(file, allowed);
  await bootstrap('ours', builder.name, env);
});
