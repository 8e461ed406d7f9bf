// Builders of every kind, looked at by both programs: the same lines.
import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { startBuildkitContainer, startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { ca, clientCert, clientKey, serverCert, serverKey } from '../support/certificates.ts';
import { lastLine } from '../support/cli.ts';
import { baseImage, type Ran } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;
let secure: Server;
let running: AsyncDisposable;
let dir: string;

const id = String(process.pid);
const stopped = `buildx_buildkit_stopped${id}`;

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  dir = await mkdtemp(join(tmpdir(), 'tsbx-inspect-'));
  await mkdir(join(peers.configDir, 'buildx/instances'), { recursive: true });
  await mkdir(join(peers.configDir, 'buildx/activity'), { recursive: true });
  running = await startBuildkitContainer(peers.engine, buildkitd.port, `buildx_buildkit_running${id}`);
  const made = await peers.engine.docker(['create', '--name', stopped, baseImage, 'true']);
  assert.equal(made.code, 0, made.stderr);
  secure = createServer(
    { cert: serverCert, key: serverKey, ca, requestCert: true, ALPNProtocols: ['h2'] },
    (socket) => {
      const plain = connect(buildkitd.port, '127.0.0.1');
      pipeline(socket, plain, () => plain.destroy());
      pipeline(plain, socket, () => socket.destroy());
    },
  );
  await new Promise<void>((resolve) => void secure.listen(0, '127.0.0.1', resolve));
  for (const [name, text] of Object.entries({ ca, cert: clientCert, key: clientKey })) {
    await writeFile(join(dir, `${name}.pem`), text);
  }
});
after(async () => {
  secure?.close();
  await running?.[Symbol.asyncDispose]();
  await peers?.engine.docker(['rm', '-f', stopped]);
  await buildkitd?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
  await peers?.[Symbol.asyncDispose]();
});

async function writeBuilder(name: string, driver: string, nodes: readonly object[]): Promise<void> {
  const file = join(peers.configDir, 'buildx/instances', name);
  await writeFile(file, JSON.stringify({ Name: name, Driver: driver, Nodes: nodes, Dynamic: false }));
}

const secureEndpoint = (): string => `tcp://127.0.0.1:${(secure.address() as AddressInfo).port}`;

const inDir = (name: string): string => join(dir, `${name}.pem`);

async function inspect(side: Side, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = await peers.run(side, ['inspect', ...words], { env });
  return { ...ran, stdout: plain(ran.stdout) };
}

/** Without what the peer, which is older than 0.36, does not tell, without reasons of errors, and without Go's random order. */
function plain(text: string): string {
  return text
    .replace(/^ Prefer image digest: .*\n/m, '')
    .replace(/^(Error: +).*$/gm, '$1')
    .replace(/^(Driver Options: +)(.*)$/gm, (_, key, options) => key + String(options).split(' ').toSorted().join(' '));
}

async function compare(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const theirs = await inspect('theirs', words, env);
  const ours = await inspect('ours', words, env);
  assert.deepEqual(ours, theirs);
  return ours.stdout;
}

describe('the same text', () => {
  it('of the current engine', async () => {
    const text = await compare([]);
    assert.match(text, /^Status: +running$/m);
    assert.match(await compare([], { DEBUG: '1' }), /^Features:$/m);
    assert.match(await compare(['-D', 'default']), /^ Multi-platform build: +true$/m);
  });

  it('of an engine that is not there', async () => {
    assert.match(
      await compare([], { DOCKER_HOST: `unix://${dir}/none.sock` }),
      /^Name: {3}default\nDriver: \nError: {2}$/m,
    );
  });

  it('of a docker context that is not the current one', async () => {
    const env = { DOCKER_CONFIG: peers.configDir };
    const made = await peers.engine.docker(['context', 'create', 'other', `--docker=host=${peers.engine.host}`], {
      env,
    });
    assert.equal(made.code, 0, made.stderr);
    await writeFile(join(peers.configDir, 'buildx/activity/other'), '2026-02-03T04:05:06Z');
    assert.match(await compare(['other']), /^Last Activity: 2026-02-03 04:05:06 \+0000 UTC$/m);
  });

  it('of containers that run, have stopped and were never made', async () => {
    const { host } = peers.engine;
    await writeBuilder('boxes', 'docker-container', [
      {
        Name: `running${id}`,
        Endpoint: 'default',
        Platforms: [
          { os: 'linux', architecture: 'arm', variant: 'v7' },
          { os: 'linux', architecture: 'amd64' },
        ],
        DriverOpts: { 'default-load': 'true' },
        Flags: ['--debug', '--allow-insecure-entitlement=network.host'],
        Files: { 'buildkitd.toml': Buffer.from('debug = true\n[worker.oci]\n\tgc = true\n').toString('base64') },
      },
      { Name: `stopped${id}`, Endpoint: host, Platforms: [{ os: 'linux', architecture: 'arm64' }], DriverOpts: null },
      { Name: 'missing', Endpoint: 'other', Flags: null, Files: null },
      { Name: 'lost', Endpoint: 'no-such-context' },
      { Name: 'down', Endpoint: `unix://${dir}/none.sock` },
      { Name: 'odd', Endpoint: 'unix:///elsewhere.sock', DriverOpts: { nonsense: 'x' } },
    ]);
    await writeFile(join(peers.configDir, 'buildx/activity/boxes'), '2026-02-03T04:05:06Z');
    const text = await compare(['boxes']);
    assert.deepEqual(
      [...text.matchAll(/^(Status|Error): *(\w*)$/gm)].map(([, key, value]) => `${key} ${value}`.trim()),
      ['Status running', 'Status stopped', 'Status inactive', 'Error', 'Error', 'Error'],
    );
    assert.match(text, /^Platforms: +linux\/arm\/v7\*, linux\/amd64\*, linux\/amd64\/v2/m);
    assert.match(await compare(['boxes', '-D']), /image store: true$/m);
  });

  it('of remote daemons, with TLS and without', async () => {
    const DriverOpts = { cacert: inDir('ca'), cert: inDir('cert'), key: inDir('key') };
    await writeBuilder('far', 'remote', [
      { Name: 'plain', Endpoint: buildkitd.tcp, Platforms: [{ os: 'linux', architecture: 'riscv64' }] },
      { Name: 'secure', Endpoint: secureEndpoint(), DriverOpts },
      { Name: 'no-files', Endpoint: 'tcp://127.0.0.1:2', DriverOpts: { cacert: '/none.pem' } },
      { Name: 'down', Endpoint: 'tcp://127.0.0.1:1' },
      { Name: 'odd', Endpoint: 'tcp://127.0.0.1:3', DriverOpts: { nonsense: 'x' } },
    ]);
    const text = await compare(['--builder', 'FAR']);
    assert.deepEqual(
      [...text.matchAll(/^Status: *(\w*)$/gm)].map(([, value]) => value),
      ['running', 'running', 'inactive', 'inactive'],
    );
    assert.equal(await compare([], { BUILDX_BUILDER: 'far' }), text);
  });

  it('of the builder that was chosen with use', async () => {
    await writeBuilder('chosen', 'remote', [{ Name: 'chosen0', Endpoint: buildkitd.unix }]);
    const used = await peers.run('theirs', ['use', 'chosen']);
    assert.equal(used.code, 0, used.stderr);
    try {
      assert.match(await compare([]), /^Name: +chosen\n/);
      assert.match(await compare(['default']), /^Name: +default\n/);
    } finally {
      await peers.run('theirs', ['use', 'default']);
    }
  });

  it('of builders that are not there, and of too many', async () => {
    for (const name of ['missing', '9bad', 'a b', '../x']) {
      assert.equal(await compare([name]), '');
      const { code, stderr } = await inspect('ours', [name]);
      assert.deepEqual([code, lastLine(stderr)], [1, `ERROR: no builder ${JSON.stringify(name)} found`]);
    }
    const { code, stderr } = await inspect('ours', ['a', 'b']);
    assert.deepEqual([code, (await inspect('theirs', ['a', 'b'])).code], [1, 1]);
    assert.match(stderr, /requires at most 1 argument$/m);
  });
});

describe('the same list', () => {
  const list = async (side: Side, words: readonly string[]): Promise<Ran> => {
    const { code, stdout, stderr } = await peers.run(side, ['ls', ...words]);
    const reasonless = (text: string): string =>
      text.replace(/"Err":"(?:[^"\\]|\\.)*"/g, '"Err":""').replace(/^(Failed to get status for .*?:) .*$/gm, '$1');
    return { code, stdout: reasonless(stdout), stderr: reasonless(stderr) };
  };

  for (const words of [[], ['--no-trunc'], ['--format', 'json'], ['--format', '{{.Name}}: {{.Status}}']]) {
    it(`ls ${words.join(' ')}`, async () => {
      const ours = await list('ours', words);
      assert.deepEqual(ours, await list('theirs', words));
      assert.equal(ours.code, 0);
      for (const name of ['boxes', 'far', 'other', 'default']) assert.ok(ours.stdout.includes(name), ours.stdout);
      assert.equal(/^Failed to get status for far \(odd\):$/m.test(ours.stderr), words[0] !== '--format');
    });
  }

  it('with the proxies of config.json', async () => {
    const proxies = {
      default: { httpProxy: 'http://p:1', noProxy: 'a,b' },
      [peers.engine.host]: { ftpProxy: 'ftp://<p>:1' },
    };
    await writeFile(join(peers.configDir, 'config.json'), JSON.stringify({ proxies }));
    try {
      const ours = await list('ours', ['--format', 'json']);
      assert.equal(ours.stdout, (await list('theirs', ['--format', 'json'])).stdout);
      assert.match(ours.stdout, /"ProxyConfig":\{"FTP_PROXY":/);
    } finally {
      await writeFile(join(peers.configDir, 'config.json'), '{}');
    }
  });

  it('of which the current one is marked, with an engine that is not there at its end', async () => {
    const env = { DOCKER_HOST: `unix://${dir}/none.sock` };
    const [theirs, ours] = [await peers.run('theirs', ['ls'], { env }), await peers.run('ours', ['ls'], { env })];
    assert.equal(ours.stdout, theirs.stdout);
    assert.match(ours.stdout, /\ndefault\* .* error +\n$/);
    assert.match(ours.stderr, /^Cannot load builder default: Cannot connect to the Docker daemon at /m);
  });
});

it('--bootstrap starts a container that has stopped, and says so', async () => {
  const name = `buildx_buildkit_again${id}`;
  await using container = await startBuildkitContainer(peers.engine, buildkitd.port, name);
  await peers.engine.docker(['stop', '-t', '0', container.name]);
  await writeBuilder('again', 'docker-container', [{ Name: `again${id}`, Endpoint: peers.engine.host }]);
  assert.match((await inspect('ours', ['again'])).stdout, /^Status: +stopped$/m);
  const { code, stdout, stderr } = await inspect('ours', ['--bootstrap', 'again']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Status: +running$/m);
  assert.match(
    stderr,
    /^#1 \[internal\] booting buildkit\n#1 starting container buildx_buildkit_again\d+\n#1 starting container buildx_buildkit_again\d+ [\d.]+s done\n/m,
  );
  assert.equal(await compare(['again']), stdout);
});

it('--timeout ends the wait for a daemon that is silent', async () => {
  const silent = createSocketServer((socket) => void socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => void silent.listen(join(dir, 'silent.sock'), resolve));
  await writeBuilder('mixed', 'remote', [
    { Name: 'good', Endpoint: buildkitd.unix },
    { Name: 'mute', Endpoint: `unix://${dir}/silent.sock` },
  ]);
  const { code, stdout, stderr } = await inspect('ours', ['--timeout', '700ms', 'mixed']);
  silent.close();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^Status: +running$[^]*^Status: +inactive$/m);
});

it('a build runs on a daemon behind TLS that asks for a certificate', async () => {
  await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
  const DriverOpts = { cacert: inDir('ca'), cert: inDir('cert'), key: inDir('key'), servername: 'buildkit.test' };
  await writeBuilder('secured', 'remote', [{ Name: 'secured0', Endpoint: secureEndpoint(), DriverOpts }]);
  for (const side of ['theirs', 'ours'] as const) {
    const ran = await peers.build(side, context.dir, ['--builder', 'secured', '-o', 'type=cacheonly']);
    assert.equal(ran.code, 0, ran.stderr);
  }
  const stranger = { ...DriverOpts, cert: inDir('none'), key: inDir('none') };
  await writeBuilder('stranger', 'remote', [{ Name: 'stranger0', Endpoint: secureEndpoint(), DriverOpts: stranger }]);
  const refused = await peers.build('ours', context.dir, ['--builder', 'stranger', '-o', 'type=cacheonly']);
  assert.equal(refused.code, 1);
  assert.match(lastLine(refused.stderr), /error loading tls config: could not read certificate\/key: .*none\.pem/);
});
