// A real cluster of one node (scripts/kubernetes), on which the packed binary and Go's buildx do the same. Its pods run a
// stand-in for moby/buildkit, whose buildctl leads to the BuildKit of a real engine.
import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { pipeline } from 'node:stream';
import { after, before, test } from 'node:test';
import { type Cluster, startCluster } from '../../scripts/kubernetes/cluster.ts';
import { member } from '../../src/base/json-object.ts';
import { nodeManifest } from '../../src/builder/drivers/kubernetes/manifest.ts';
import { readKubernetesOptions } from '../../src/builder/drivers/kubernetes/options.ts';
import { openKube } from '../../src/kube/index.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { lastLine } from '../support/cli.ts';
import type { Ran } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';

const signal = new AbortController().signal;
let peers: Peers;
let buildkitd: TestBuildkitd;
let relay: Server;
let cluster: Cluster;

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  // pods reach this machine by its address on their bridge
  relay = createServer({ allowHalfOpen: true }, (socket) => {
    const daemon = connect({ port: buildkitd.port, host: '127.0.0.1', allowHalfOpen: true });
    pipeline(socket, daemon, () => daemon.destroy());
    pipeline(daemon, socket, () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, '0.0.0.0', resolve);
  });
  cluster = await startCluster((relay.address() as AddressInfo).port);
});
after(async () => {
  await cluster[Symbol.asyncDispose]();
  relay.close();
  await buildkitd[Symbol.asyncDispose]();
  await peers[Symbol.asyncDispose]();
});

async function run(side: Side, ...args: string[]): Promise<Ran> {
  return await peers.run(side, args, { env: { KUBECONFIG: cluster.kubeconfig } });
}

/** What the server has, without what it adds for itself. */
async function objectOf(kind: 'deployments' | 'statefulsets' | 'configmaps', name: string): Promise<unknown> {
  using kube = await openKube({ kubeconfig: cluster.kubeconfig, env: {}, userAgent: 'test' });
  return await kube.get(kind, name, { signal });
}

/** Fails unless `actual` has everything of `expected`. */
function assertHas(actual: unknown, expected: unknown, path = ''): void {
  if (Array.isArray(expected)) {
    assert(Array.isArray(actual) && actual.length === expected.length, path);
    for (const [i, item] of expected.entries()) assertHas(actual[i], item, `${path}[${i}]`);
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [name, value] of Object.entries(expected)) assertHas(member(actual, name), value, `${path}.${name}`);
  } else assert.deepEqual(actual, expected, path);
}

test('the API server takes every manifest, and keeps all that is in it', async () => {
  const variants: readonly Record<string, string>[] = [
    {},
    { rootless: 'true', 'buildkit-root-volume-memory': '1Gi' },
    { 'qemu.install': 'true', 'buildkit-root-volume-memory': '512Mi', 'env.A': 'b' },
    {
      replicas: '0',
      'requests.cpu': '0.5',
      'requests.memory': '1024Mi',
      'limits.cpu': '1500m',
      'limits.memory': '4e9',
      'limits.ephemeral-storage': '2Gi',
      nodeselector: 'kubernetes.io/os=linux',
      tolerations: 'key=a,operator=Equal,value=b,effect=NoExecute,tolerationSeconds=60;operator=Exists',
      schedulername: 'nobody',
      serviceaccount: 'default',
      labels: 'team=a',
      annotations: 'example.com/note=b',
    },
    { replicas: '0', 'persistent-volume-claim.requests.storage': '10Gi' },
  ];
  using kube = await openKube({ kubeconfig: cluster.kubeconfig, env: {}, userAgent: 'test' });
  for (const [i, options] of variants.entries()) {
    const { kind, name, workload, configMaps } = nodeManifest({
      name: `variant-${i}`,
      options: readKubernetesOptions({ replicas: '0', ...options }),
      buildkitdFlags: ['--debug'],
      platforms: [{ os: 'linux', architecture: 'amd64' }],
      files: { 'buildkitd.toml': Buffer.from('debug = true'), 'certs/a/ca.pem': Buffer.from('x') },
    });
    for (const { object } of configMaps) await kube.create('configmaps', object, { signal });
    await kube.create(kind, workload, { signal });
    const kept: unknown = JSON.parse(
      // the quantities of the table are written canonically by both
      JSON.stringify(await kube.get(kind, name, { signal })),
    );
    assertHas(kept, workload, name);
    for (const config of configMaps) assertHas(await kube.get('configmaps', config.name, { signal }), config.object);
    await kube.remove(kind, name, { signal });
    for (const config of configMaps) await kube.remove('configmaps', config.name, { signal });
  }
});

test('both programs make, show, use and remove the same builder', async () => {
  await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
  const specs: unknown[] = [];
  for (const side of ['theirs', 'ours'] as const) {
    const name = `both-${side}`;
    const made = await run(side, 'create', '--name', name, '--driver', 'kubernetes', '--driver-opt', 'replicas=2');
    assert.deepEqual([made.code, made.stdout], [0, `${name}\n`], made.stderr);
    const booted = await run(side, 'inspect', '--bootstrap', name);
    assert.equal(booted.code, 0, booted.stderr);
    assert.match(booted.stderr, /#1 waiting for 2 pods to be ready, timeout: 2 minutes/);
    specs.push(member(await objectOf('deployments', `${name}0`), 'spec'));
  }
  // between the version of buildx that is here and the one that is matched, probes have changed
  const comparable = (spec: unknown): unknown =>
    JSON.parse(
      JSON.stringify(spec, (key, value: unknown) => (key.endsWith('Probe') ? undefined : value)).replaceAll(
        /both-(ours|theirs)/g,
        'both',
      ),
    );
  assert.deepEqual(comparable(specs[1]), comparable(specs[0]));

  for (const command of [['inspect', 'both-theirs'], ['ls'], ['inspect', 'both-ours']]) {
    const [ours, theirs] = [await run('ours', ...command), await run('theirs', ...command)];
    assert.equal(ours.stdout, theirs.stdout, command.join(' '));
  }
  const digests: unknown[] = [];
  for (const side of ['ours', 'theirs'] as const) {
    const built = await peers.build(side, context.dir, ['--builder', 'both-theirs', '-o', 'type=oci,dest=/dev/null'], {
      KUBECONFIG: cluster.kubeconfig,
    });
    assert.equal(built.code, 0, built.stderr);
    digests.push(built.metadata['containerimage.config.digest']);
  }
  assert.equal(digests[0], digests[1]);

  for (const side of ['theirs', 'ours'] as const) {
    // each removes what the other has made
    const name = side === 'ours' ? 'both-theirs' : 'both-ours';
    assert.deepEqual((await run(side, 'stop', name)).code, 0);
    assert.equal((await run(side, 'rm', name)).code, 0);
    await assert.rejects(objectOf('deployments', `${name}0`), { code: 'NOT_FOUND' });
  }
});

test('a pod by its address, with and without what kubectl would do', async () => {
  await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
  await run('ours', 'create', '--name', 'pod', '--driver', 'kubernetes', '--bootstrap');
  using kube = await openKube({ kubeconfig: cluster.kubeconfig, env: {}, userAgent: 'test' });
  const [pod] = await kube.listPods({ app: 'pod0' }, { signal });
  const name = pod?.name ?? '';
  const built = await run('ours', 'build', '--builder', `kube-pod://${name}?container=buildkitd`, context.dir);
  assert.equal(built.code, 0, built.stderr);

  // the streams of a command: both ways, its end, its stderr
  const dial = (...command: string[]): ReturnType<ReturnType<typeof kube.commandDialer>> =>
    kube.commandDialer(name, 'buildkitd', command)({ signal });
  const echo = await dial('sh', '-c', 'cat; echo done');
  const sent = Buffer.alloc(5_000_000, 'some text ');
  echo.end(sent);
  assert.equal(Buffer.concat(await echo.toArray()).toString(), `${sent.toString()}done\n`);
  const failing = await dial('sh', '-c', 'echo oops >&2; exit 3');
  await assert.rejects(failing.toArray(), /command terminated with exit code 3: oops$/);
  const unknown = await dial('no-such-program');
  await assert.rejects(unknown.toArray(), /executable file not found/);
  await run('ours', 'rm', 'pod');
});

test('who may do nothing is told so, as by buildx', async () => {
  const errors: string[] = [];
  for (const side of ['theirs', 'ours'] as const) {
    const env = { KUBECONFIG: cluster.viewer };
    const name = `viewer-${side}`;
    await peers.run(side, ['create', '--name', name, '--driver', 'kubernetes', '--driver-opt', 'timeout=1s'], { env });
    const booted = await peers.run(side, ['inspect', '--bootstrap', name], { env });
    assert.equal(booted.code, 1);
    errors.push(lastLine(booted.stderr).replaceAll(name, 'viewer'));
    await peers.run(side, ['rm', '--keep-daemon', name], { env });
  }
  assert.equal(errors[1], errors[0]);
  assert.match(errors[0] ?? '', /cannot get resource "deployments"/);
});
