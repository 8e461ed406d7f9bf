// Builders made, changed, chosen and removed by both programs: the same words, exit codes and files.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { parse } from 'smol-toml';
import { clientCert, clientKey, ca } from '../support/certificates.ts';
import { type Peers, startPeers } from '../support/peers.ts';
import { runOnState, type StateCase, type StateOutcome } from '../support/state-peers.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => await peers?.[Symbol.asyncDispose]());

/** Runs a case on both sides and gives what ours did. */
async function same(state: StateCase, known: (theirs: StateOutcome) => StateOutcome = (theirs) => theirs) {
  const [theirs, ours] = await Promise.all([runOnState(peers, 'theirs', state), runOnState(peers, 'ours', state)]);
  assert.deepEqual(sorted(ours), sorted(known(theirs)));
  return ours;
}

/** Builders are removed at the same time, and told of in any order; 0.29 writes TOML with other quotes. */
function sorted(outcome: StateOutcome): StateOutcome {
  const parsed = (text: string): string =>
    text.replace(/(?<="buildkitd\.toml":)"([^"]*)"/g, (_, data: string) =>
      JSON.stringify(parse(Buffer.from(data, 'base64').toString())),
    );
  const files = Object.entries(outcome.files).map(([path, text]) => [path, parsed(text)]);
  return { ...outcome, stderr: outcome.stderr.split('\n').sort().join('\n'), files: Object.fromEntries(files) };
}

const node = (name: string, endpoint: string, more: object = {}): object => ({
  Name: name,
  Endpoint: endpoint,
  Platforms: null,
  DriverOpts: null,
  Flags: null,
  Files: null,
  ...more,
});

function builder(name: string, nodes: readonly object[], driver = 'remote'): Record<string, string> {
  const text = JSON.stringify({ Name: name, Driver: driver, Nodes: nodes, Dynamic: false });
  return { [`buildx/instances/${name.toLowerCase()}`]: text, [`buildx/activity/${name}`]: '2026-01-02T03:04:05Z' };
}

function context(name: string, host: string): Record<string, string> {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } };
  return { [`contexts/meta/${id}/meta.json`]: JSON.stringify(meta) };
}

const DOWN = 'tcp://127.0.0.1:1';
const one = builder('one', [node('one0', DOWN)]);
const two = builder('two', [
  node('two0', DOWN, {
    Platforms: [
      { architecture: 'arm64', os: 'linux' },
      { architecture: '386', os: 'linux' },
    ],
  }),
  node('two1', 'unix:///none.sock', { DriverOpts: { 'default-load': 'true' } }),
]);
const other = context('other', 'unix:///other.sock');

const words = (text: string): readonly string[] => text.split(' ');
const config = {
  'daemon.toml': [
    'debug = true',
    'insecure-entitlements = ["network.host", "security.insecure"]',
    '[registry."r.example:5000"]',
    'ca = ["/HOME/ca.pem"]',
    '[[registry."r.example:5000".keypair]]',
    'cert = "/HOME/cert.pem"',
    'key = "/HOME/key.pem"',
  ].join('\n'),
  'ca.pem': ca,
  'cert.pem': clientCert,
  'key.pem': clientKey,
};

const create = (...rest: string[]): readonly string[] => ['create', ...rest];
const remote = (...rest: string[]): readonly string[] => create('--name', 'new', '--driver', 'remote', ...rest);

describe('create', () => {
  const cases: Readonly<Record<string, StateCase>> = {
    'a remote builder': { words: remote(DOWN) },
    'by the scheme of its endpoint': { words: create('--name', 'new', 'unix:///none.sock') },
    'at BUILDKIT_HOST': { words: create('--name', 'new'), env: { BUILDKIT_HOST: DOWN } },
    'with another endpoint than BUILDKIT_HOST': {
      words: create('--name', 'new', 'unix:///none.sock'),
      env: { BUILDKIT_HOST: DOWN },
    },
    'with all options': {
      words: remote(
        ...words('--node First --platform linux/arm64,linux/arm/v6 --platform windows/amd64 --use'),
        ...words(`--driver-opt default-load=true,servername=x --driver-opt cacert=/<&>.pem ${DOWN}`),
      ),
    },
    'letters of any case': { words: create('--name', 'NeW', '--driver', 'remote', DOWN) },
    'in the engine': { words: create('--name', 'new') },
    'in the engine, with options': {
      words: create(
        ...words('--name new --driver-opt network=host,"env.A=b,c" --buildkitd-flags'),
        `--debug --x='a "b' # c`,
      ),
    },
    'in the engine of a context': { files: other, words: create('--name', 'new', 'default') },
    'a second node': { files: one, words: create('--name', 'one', '--append', 'unix:///none.sock') },
    'a second node in other letters': { files: one, words: create('--name', 'ONE', '--append', 'unix:///none.sock') },
    'a node that takes platforms': {
      files: two,
      words: create('--name', 'two', '--append', '--node', 'x', '--platform', 'linux/arm64', 'tcp://127.0.0.1:2'),
    },
    'a node that is changed': {
      files: two,
      words: create('--name', 'two', '--node', 'two1', '--driver-opt', 'default-load=false', 'tcp://127.0.0.1:2'),
    },
    'platforms of a node': {
      files: two,
      words: create('--name', 'two', '--node', 'two1', '--platform', 'linux/386', '--use', 'unix:///none.sock'),
    },
    'with a configuration': {
      files: config,
      words: create('--name', 'new', '--buildkitd-config', '/HOME/daemon.toml'),
    },
    'with a configuration, by its older flag': {
      files: { 'daemon.toml': 'debug = true\n' },
      words: create('--name', 'new', '--config', '/HOME/daemon.toml', '--buildkitd-flags', '--debug'),
    },
    'with the default configuration': {
      files: { 'buildx/buildkitd.default.toml': 'insecure-entitlements = ["security.insecure"]\n' },
      words: create('--name', 'new'),
    },
    'a node with another configuration': {
      files: { ...builder('box', [node('box0', 'default', { Files: { x: 'eA==' } })], 'docker-container'), ...config },
      words: create('--name', 'box', '--node', 'box0', '--buildkitd-config', '/HOME/daemon.toml'),
    },
    'a configuration that is not there': { words: create('--name', 'new', '--buildkitd-config', '/HOME/none.toml') },
    'a configuration for a daemon that runs': { files: config, words: remote('--config', '/HOME/daemon.toml', DOWN) },
    'certificates that are not there': {
      files: { 'daemon.toml': '[registry."r.example"]\nca = ["/none.pem"]\n' },
      words: create('--name', 'new', '--buildkitd-config', '/HOME/daemon.toml'),
    },
    'the reserved name': { words: create('--name', 'default') },
    'the name of a context': { files: other, words: create('--name', 'other', DOWN) },
    'append to nothing': { words: create('--append') },
    'append to nobody': { words: create('--append', '--name', 'nobody') },
    'a name that is none': { words: create('--name', 'x!', DOWN) },
    'a name of a node that is none': { words: remote('--node', 'x!', DOWN) },
    'no driver': { words: create('--driver', 'nonsense') },
    'the driver of engines': { words: create('--driver', 'docker') },
    'another driver': { files: one, words: create('--name', 'one', '--append', '--driver', 'docker-container') },
    'no endpoint': { words: remote() },
    'no endpoint at all': { words: remote('nonsense') },
    'an endpoint of a kind that is none': { words: remote('http://x') },
    'an endpoint that cannot be parsed': { words: remote('tcp://a b:1') },
    'an endpoint for pods': { words: create('--driver', 'kubernetes', 'x') },
    'an endpoint that is taken': { files: one, words: create('--name', 'one', '--append', DOWN) },
    'a builder that is there': { files: one, words: create('--name', 'one', 'unix:///none.sock') },
    'a node that is not there': { files: one, words: create('--name', 'one', '--node', 'x', 'unix:///none.sock') },
    'an option without value': { words: remote('--driver-opt', 'x', DOWN) },
    'an option that is no CSV': { words: remote('--driver-opt', '"x', DOWN) },
    'an option that there is not': { words: remote('--driver-opt', 'x=y', DOWN) },
    'flags that end too soon': { words: remote('--buildkitd-flags', `'x`, DOWN) },
    'flags for a daemon that runs': { words: remote('--buildkitd-flags', '--debug', DOWN) },
    'a platform that is none': { words: remote('--platform', 'a/b/c/d/e', DOWN) },
    'TLS without files': { words: create('--name', 'new'), env: { DOCKER_TLS_VERIFY: '1' } },
    'TLS of the environment': {
      files: { 'ca.pem': ca, 'cert.pem': clientCert, 'key.pem': clientKey },
      words: create('--name', 'new'),
      env: { DOCKER_TLS_VERIFY: '1', DOCKER_HOST: 'tcp://127.0.0.1:1' },
    },
  };
  for (const [name, state] of Object.entries(cases)) it(name, async () => void (await same(state)));

  it('with a name that is made up', async () => {
    const unnamed = (outcome: StateOutcome): StateOutcome => {
      const name = /^([a-z]+_[a-z]+)\n$/.exec(outcome.stdout)?.[1] ?? assert.fail(outcome.stdout + outcome.stderr);
      const plain = (text: string): string => text.replaceAll(name, 'NAME');
      const files = Object.entries(outcome.files).map(([path, text]) => [plain(path), plain(text)]);
      return { ...outcome, stdout: plain(outcome.stdout), files: Object.fromEntries(files) };
    };
    const state: StateCase = { words: create('--driver', 'remote', '--use', DOWN) };
    const [theirs, ours] = [await runOnState(peers, 'theirs', state), await runOnState(peers, 'ours', state)];
    assert.deepEqual(unnamed(ours), unnamed(theirs));
  });
});

describe('create --leave', () => {
  const leave = (...words: string[]): readonly string[] => create('--leave', ...words);
  const refs = {
    'buildx/refs/two/two1/a': '{"Target":"x","LocalPath":"/","DockerfilePath":"","GroupRef":"g"}',
    'buildx/refs/two/two0/b': '{"Target":"x","LocalPath":"/","DockerfilePath":"","GroupRef":"h"}',
    'buildx/refs/two/two1/c': '{"Target":"x","LocalPath":"/","DockerfilePath":"","GroupRef":"h"}',
    'buildx/refs/__group__/g': '{"Refs":["two/two1/a"]}',
    'buildx/refs/__group__/h': '{"Refs":["two/two0/b","two/two1/c"]}',
  };
  const cases: Readonly<Record<string, StateCase>> = {
    'a node, and what was built there': { files: { ...two, ...refs }, words: leave('--name', 'two', '--node', 'two1') },
    'no node': { files: two, words: leave('--name', 'two') },
    'no builder': { words: leave('--node', 'two1') },
    'an unknown builder': { words: leave('--name', 'two', '--node', 'two1') },
    'a name that is none': { words: leave('--name', 'x!', '--node', 'two1') },
    'an unknown node': { files: two, words: leave('--name', 'two', '--node', 'x') },
    'the last node': { files: one, words: leave('--name', 'one', '--node', 'one0') },
  };
  for (const [name, state] of Object.entries(cases)) it(name, async () => void (await same(state)));
});

describe('use', () => {
  const use = (...words: string[]): readonly string[] => ['use', ...words];
  const cases: Readonly<Record<string, StateCase>> = {
    'a builder': { files: one, words: use('one') },
    'a builder in other letters': { files: one, words: use('ONE') },
    'by flag': { files: one, words: use('--builder', 'one') },
    'by environment': { files: one, words: use(), env: { BUILDX_BUILDER: 'one' } },
    'for all engines': { files: one, words: use('--global', 'one') },
    'as default': { files: one, words: use('--default', 'one') },
    'as default of a context': { files: { ...one, ...other }, words: use('--default', 'one'), env: inContext('other') },
    'no longer as default': {
      files: {
        ...one,
        [`buildx/defaults/${createHash('sha256').update('other').digest('hex').slice(0, 20)}`]: 'one',
        ...other,
      },
      words: use('one'),
      env: inContext('other'),
    },
    'the engine': { files: { 'buildx/current': '{"Key":"x","Name":"one","Global":true}' }, words: use('default') },
    'the engine of the context': { files: other, words: use('other'), env: inContext('other') },
    'the default engine from a context': { files: other, words: use('default'), env: inContext('other') },
    'another context': { files: other, words: use('other') },
    'a builder named like a context': {
      files: { ...builder('other', [node('a', DOWN)]), ...other },
      words: use('other'),
    },
    nobody: { words: use('nobody') },
    'no name': { words: use() },
    'a name that is none': { words: use('x!') },
  };
  for (const [name, state] of Object.entries(cases)) it(name, async () => void (await same(state)));
});

function inContext(name: string): Readonly<Record<string, string | undefined>> {
  return { DOCKER_HOST: undefined, DOCKER_CONTEXT: name };
}

describe('rm', () => {
  const rm = (...words: string[]): readonly string[] => ['rm', ...words];
  const engine = { files: builder('box', [node('box0', 'default')], 'docker-container') };
  const cases: Readonly<Record<string, StateCase>> = {
    'a builder, and what was built there': {
      files: {
        ...one,
        ...two,
        'buildx/refs/one/one0/a': '{"Target":"x","LocalPath":"/","DockerfilePath":"","GroupRef":"g"}',
        'buildx/refs/two/two0/b': '{"Target":"x","LocalPath":"/","DockerfilePath":""}',
        'buildx/refs/__group__/g': '{"Refs":["one/one0/a"]}',
      },
      words: rm('one'),
    },
    'several, one of them unknown': { files: { ...one, ...two }, words: rm('one', 'nobody', 'TWO') },
    'the current one': {
      files: { ...one, 'buildx/current': '{"Key":"x","Name":"one","Global":true}' },
      words: rm(),
    },
    'by flag': { files: { ...one, ...two }, words: rm('--builder', 'two') },
    'whose container was never made': { files: engine.files, words: rm('box') },
    'and keep the daemon': { files: engine.files, words: rm('--keep-daemon', 'box') },
    'all that do not run': { files: { ...one, ...two }, words: rm('--all-inactive', '--force') },
    'all that do not run, asked': { files: { ...one, ...two }, words: rm('--all-inactive'), stdin: 'Y\n' },
    'not after all': { files: { ...one, ...two }, words: rm('--all-inactive'), stdin: 'yes\n' },
    'no answer': { files: one, words: rm('--all-inactive') },
    'all and one': { files: one, words: rm('--all-inactive', 'one') },
  };
  for (const [name, state] of Object.entries(cases)) it(name, async () => void (await same(state)));

  // 0.29 stops at the first thing that goes wrong
  it('whose engine is gone', async () => {
    const files = builder('box', [node('box0', 'unix:///none.sock')], 'docker-container');
    const outcome = await runOnState(peers, 'ours', { files, words: rm('--keep-state', 'box') });
    const why = 'Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?';
    assert.deepEqual(outcome.stderr.split('\n'), [
      `failed to remove box: failed to stop node box0: ${why}`,
      `failed to remove node box0: ${why}`,
      'ERROR: failed to remove one or more builders',
      '',
    ]);
    assert.deepEqual(outcome.files, {});
  });

  // 0.29 says nothing of what it could not stop
  it('whose engine is gone', async () => {
    const files = builder('box', [node('box0', 'unix:///none.sock')], 'docker-container');
    const { stderr, files: left } = await runOnState(peers, 'ours', { files, words: rm('--keep-state', 'box') });
    const gone = 'Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?';
    assert.ok(stderr.startsWith(`failed to remove box: failed to stop node box0: ${gone}`), stderr);
    assert.match(stderr, /^failed to remove node box0: Cannot .*\nERROR: failed to remove one or more builders$/m);
    assert.deepEqual(left, {});
  });

  it('with options that make no sense', async () => {
    const bad = [node('bad0', DOWN, { DriverOpts: { x: 'y' } }), node('bad1', 'unix:///a.sock')];
    const { stderr, files } = await runOnState(peers, 'ours', { files: builder('bad', bad), words: rm('bad') });
    assert.equal(
      stderr,
      'failed to remove bad: failed to load node bad0: invalid driver option x for remote driver\nERROR: failed to remove one or more builders\n',
    );
    assert.deepEqual(files, {});
  });

  // 0.29 asks the engine first; 0.36 says what to do
  it('the engine', async () => {
    const { code, stderr } = await runOnState(peers, 'ours', { words: rm('default') });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^failed to remove default: context builder cannot be removed, run `docker context rm default` to remove this context\nERROR: failed to remove one or more builders\n$/,
    );
  });
});

describe('stop', () => {
  const cases: Readonly<Record<string, StateCase>> = {
    'a daemon of others': { files: one, words: ['stop', 'one'] },
    'the engine': { words: ['stop'] },
    'an engine that is not there': { words: ['stop'], env: { DOCKER_HOST: 'unix:///none.sock' } },
    'a container that was never made': {
      files: builder('box', [node('box0', 'default')], 'docker-container'),
      words: ['stop', 'box'],
    },
    nobody: { words: ['stop', 'nobody'] },
    'with options that make no sense': {
      files: builder('bad', [node('bad0', DOWN, { DriverOpts: { x: 'y' } })]),
      words: ['stop', 'bad'],
    },
  };
  for (const [name, state] of Object.entries(cases)) it(name, async () => void (await same(state)));
});

describe('install and uninstall', () => {
  const config = '{\n\t"auths": {},\n\t"credsStore": "x",\n\t"aliases": {\n\t\t"builder": "buildx"\n\t}\n}';
  const cases: Readonly<Record<string, StateCase>> = {
    'without a file': { words: ['install'] },
    'into a file': { files: { 'config.json': '{\n\t"auths": {},\n\t"credsStore": "x"\n}' }, words: ['install'] },
    again: { files: { 'config.json': config }, words: ['install'] },
    'away from a file': { files: { 'config.json': config }, words: ['uninstall'] },
    'away from none': { words: ['uninstall'] },
  };
  // 0.29 does not say yet that they are deprecated
  const known = (theirs: StateOutcome): StateOutcome => theirs;
  for (const [name, state] of Object.entries(cases)) {
    it(name, async () => {
      const [theirs, ours] = [await runOnState(peers, 'theirs', state), await runOnState(peers, 'ours', state)];
      assert.match(ours.stderr, /^Command "(?:un)?install" is deprecated, use 'docker buildx' directly, [^\n]*\n$/);
      assert.deepEqual({ ...ours, stderr: theirs.stderr }, known(theirs));
    });
  }
});
