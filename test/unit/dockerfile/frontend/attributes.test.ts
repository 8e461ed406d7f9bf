import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isArchive } from '../../../../src/dockerfile/frontend/archive.ts';
import { commitTime } from '../../../../src/dockerfile/frontend/git-commit.ts';
import { type FrontendOptions, parseAttributes } from '../../../../src/dockerfile/frontend/index.ts';
import { CapSet } from '../../../../src/llb/index.ts';

function parse(opts: Record<string, string>): FrontendOptions {
  const workers = [{ platforms: [{ os: 'linux', architecture: 'arm64' }] }];
  return parseAttributes({ opts, workers, llbCaps: new CapSet([{ id: 'file.base', enabled: true }]) });
}

test('attributes become options', () => {
  const { convert, targetPlatforms, noCache, isMultiPlatform } = parse({
    platform: 'linux,windows/amd64',
    'build-arg:A': '1',
    'label:l': 'v',
    'no-cache': 'a,b',
    'add-hosts': 'H=::ffff:10.0.0.1,six=2001:DB8:0:0:0:0:0:1',
    ulimit: 'nofile=10:20,nproc=3',
    'shm-size': '67108864',
    'force-network-mode': 'host',
    memory: '1024',
    cpusetcpus: '0-3,5',
    'image-resolve-mode': 'pull',
  });
  assert.deepEqual(
    targetPlatforms.map(({ os, architecture }) => `${os}/${architecture}`),
    ['linux/arm64', 'windows/amd64'],
  );
  assert.equal(isMultiPlatform, true);
  assert.deepEqual(noCache, ['a', 'b']);
  assert.deepEqual(convert.buildArgs, { A: '1' });
  assert.deepEqual(convert.extraHosts, [
    { host: 'h', ip: '10.0.0.1' },
    { host: 'six', ip: '2001:db8::1' },
  ]);
  assert.deepEqual(convert.ulimits, [
    { name: 'nofile', soft: 10n, hard: 20n },
    { name: 'nproc', soft: 3n, hard: 3n },
  ]);
  assert.equal(convert.shmSize, 67108864n);
  assert.equal(convert.networkMode, 'host');
  assert.equal(convert.linuxResources?.memory, 1024n);
  assert.equal(convert.resolveMode, 'pull');
});

test('no-cache without a value is for all stages', () => {
  assert.equal(parse({ 'no-cache': '' }).noCache, 'all');
  assert.deepEqual(parse({}).noCache, []);
});

test('a wrong attribute is named', () => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['platform', 'a/b/c/d/e', /^TsbuildxError: failed to parse target platform a\/b\/c\/d\/e: /],
    ['add-hosts', 'x', /failed to parse additional hosts: invalid key-value pair x/],
    ['add-hosts', 'x=1.2.3', /failed to parse additional hosts: failed to parse IP 1\.2\.3/],
    ['shm-size', 'x', /failed to parse shm size: strconv\.ParseInt: parsing "x": invalid syntax/],
    ['ulimit', 'nofile', /failed to parse ulimit: invalid ulimit argument: nofile/],
    ['ulimit', 'nope=1', /invalid ulimit type: nope/],
    ['ulimit', 'nofile=5:3', /must be less than or equal to hard limit: 5 > 3/],
    ['ulimit', 'nofile=1:2:3', /too many limit value arguments - 1:2:3/],
    ['memory', '0', /failed to parse resource limits: invalid memory value: 0: must be > 0/],
    ['memswap', '-2', /invalid memswap value: -2: must be -1 \(unlimited\) or > 0/],
    ['cpusetcpus', '3-1', /invalid cpusetcpus value: 3-1: invalid cpuset range "3-1"/],
    ['cpusetmems', '9000', /cpuset element "9000" exceeds maximum 8192/],
    ['force-network-mode', 'x', /invalid netmode x/],
    ['image-resolve-mode', 'x', /invalid image-resolve-mode: x/],
    ['multi-platform', 'x', /invalid boolean value for multi-platform: x/],
    [
      'build-arg:BUILDKIT_DOCKERFILE_CHECK',
      'x=1',
      /failed to parse build-arg:BUILDKIT_DOCKERFILE_CHECK: invalid check option/,
    ],
  ];
  for (const [key, value, error] of table) assert.throws(() => parse({ [key]: value }), error, `${key}=${value}`);
});

test('of several wrong attributes the reference’s first is told', () => {
  assert.throws(() => parse({ 'multi-platform': 'x', 'shm-size': 'y' }), /failed to parse shm size/);
  assert.throws(() => parse({ 'multi-platform': 'x', platform: 'a/b/c/d' }), /failed to parse target platform/);
});

test('a CPU number that no integer holds is no number', () => {
  const message = /invalid cpuset element "9223372036854775808"$/;
  assert.throws(() => parse({ cpusetcpus: '9223372036854775808' }), message);
  assert.throws(() => parse({ cpusetcpus: '9223372036854775807' }), /exceeds maximum 8192$/);
});

test('imported caches may be none, and their fields are taken in any case', () => {
  assert.deepEqual(parse({ 'cache-imports': 'null' }).cacheImports, []);
  assert.deepEqual(parse({ 'cache-imports': '[{"type":"local","attrs":{"src":"d"}}]' }).cacheImports, [
    { type: 'local', attrs: { src: 'd' } },
  ]);
});

test('a daemon without file operations is too old', () => {
  assert.throws(
    () => parseAttributes({ opts: {}, workers: [], llbCaps: new CapSet([]) }),
    /^TsbuildxError: needs BuildKit 0\.5 or later: requested prerelease feature file\.base {2}is not supported by build server/,
  );
});

test('archives are told by their first bytes', () => {
  const tar = new Uint8Array(512);
  tar.set(Buffer.from('name'));
  const sum = 8 * 0x20 + [...Buffer.from('name')].reduce((a, b) => a + b, 0);
  tar.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  assert.equal(isArchive(tar), true);
  assert.equal(isArchive(Uint8Array.of(0x1f, 0x8b, 0x08)), true);
  assert.equal(isArchive(Buffer.from('FROM scratch\n'.padEnd(600))), false);
  assert.equal(isArchive(new Uint8Array()), false);
});

test('the time of a commit is its committer’s', () => {
  const commit = (committer: string): Uint8Array =>
    Buffer.from(
      `tree 1\nauthor a <a@x> 1 +0000\ncommitter ${committer}\ngpgsig -----\n more\n\ncommitter x <> 5 +0000\n`,
    );
  assert.equal(commitTime(commit('c <b <c@x> 1700000000 +0530')), 1700000000n);
  assert.equal(commitTime(commit('c')), undefined);
  assert.throws(() => commitTime(Buffer.from('tree 1\n\n')), /missing author header/);
});
