// The packed binary against a double of an API server (test/support/kubernetes.ts) whose pods lead to the BuildKit of a real
// engine. A real cluster: npm run test:kubernetes.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { member } from '../../src/base/json-object.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { lastLine } from '../support/cli.ts';
import type { Ran } from '../support/engine.ts';
import type { CommandCall, KubernetesOptions, TestKubernetes } from '../support/kubernetes.ts';
import { startKubernetes, token } from '../support/kubernetes.ts';
import { freshContext, type Peers, startPeers } from '../support/peers.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;
let calls: CommandCall[] = [];

before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
});
after(async () => {
  await buildkitd[Symbol.asyncDispose]();
  await peers[Symbol.asyncDispose]();
});

/** A cluster whose pods run the engine's BuildKit, and `ours` with its kubeconfig. */
async function cluster(
  options: Partial<KubernetesOptions> = {},
): Promise<TestKubernetes & { readonly ours: (...args: string[]) => Promise<Ran> }> {
  calls = [];
  const kubernetes = await startKubernetes({
    run: (call) => {
      calls.push(call);
      return { streams: connect({ port: buildkitd.port, host: '127.0.0.1', allowHalfOpen: true }) };
    },
    ...options,
  });
  const env = { KUBECONFIG: kubernetes.kubeconfig };
  return Object.assign(kubernetes, {
    ours: async (...args: string[]): Promise<Ran> => {
      const ran = await peers.run('ours', args, { env });
      assert(!`${ran.stdout}${ran.stderr}`.includes(token), 'the token was shown');
      return ran;
    },
  });
}

const dockerfile = { Dockerfile: 'FROM scratch\nCOPY salt /\n' };

test('a builder is made, booted by its first build, shown, and removed', async () => {
  await using kubernetes = await cluster();
  await using context = await freshContext(dockerfile);
  const { ours, objects } = kubernetes;
  const made = await ours('create', '--name', 'kube', '--driver', 'kubernetes', '--driver-opt', 'replicas=2');
  assert.deepEqual([made.code, made.stdout], [0, 'kube\n'], made.stderr);
  assert.equal(objects.size, 0);
  assert.match((await ours('ls')).stdout, /kube0 +\\_ kubernetes:\/\/\/kube\?deployment=buildkit-\S+ +inactive/);

  const built = await ours('build', '--builder', 'kube', '--progress', 'plain', context.dir);
  assert.equal(built.code, 0, built.stderr);
  assert.match(built.stderr, /#1 \[internal\] booting buildkit\n#1 waiting for 2 pods to be ready, timeout: 2 minutes/);
  const deployment = objects.get('deployments/kube0');
  assert.equal(member(member(deployment, 'spec'), 'replicas'), 2);
  const again = await ours('build', '--builder', 'kube', '--progress', 'plain', context.dir);
  assert.doesNotMatch(again.stderr, /booting/);
  // one context, one pod
  assert.equal(new Set(calls.map(({ pod }) => pod)).size, 1);
  assert.deepEqual(calls[0]?.command, ['buildctl', 'dial-stdio']);

  const inspected = await ours('inspect', 'kube');
  assert.equal(inspected.stdout.match(/^Name: +kube0$/gm)?.length, 2, inspected.stdout);
  assert.equal(inspected.stdout.match(/^Status: +running$/gm)?.length, 2, inspected.stdout);
  assert.equal((await ours('stop', 'kube')).code, 0);
  assert.equal(objects.size, 1);
  assert.equal((await ours('rm', 'kube')).stderr, 'kube removed\n');
  assert.equal(objects.size, 0);
  assert.equal(kubernetes.streams(), 0);
});

for (const protocol of ['v5', 'spdy', 'v4'] as const) {
  test(`a context of some size and its output go over ${protocol}`, async () => {
    await using kubernetes = await cluster({ protocols: [protocol] });
    const data = Buffer.alloc(8_000_000, `${protocol} `);
    await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY data /\n', data });
    const name = `kube-${protocol}`;
    await kubernetes.ours('create', '--name', name, '--driver', 'kubernetes');
    const built = await kubernetes.ours('build', '--builder', name, '-o', 'type=tar,dest=-', context.dir);
    assert.equal(built.code, 0, built.stderr);
    assert(Buffer.from(built.stdout, 'utf8').includes(data), 'the file is not in the archive');
    assert.equal((await kubernetes.ours('rm', '--keep-daemon', name)).code, 0);
    assert.equal(kubernetes.objects.size, 1);
  });
}

test('a builder with a volume and a configuration', async () => {
  await using kubernetes = await cluster();
  await using context = await freshContext({ ...dockerfile, 'buildkitd.toml': 'debug = true\n' });
  const { ours, objects } = kubernetes;
  const options = 'persistent-volume-claim.requests.storage=1024Mi,namespace=builders,loadbalance=random';
  const config = ['--buildkitd-config', `${context.dir}/buildkitd.toml`];
  await ours('create', '--name', 'volume', '--driver', 'kubernetes', '--driver-opt', options, ...config, '--bootstrap');
  assert.deepEqual([...objects.keys()], ['configmaps/volume0-config', 'statefulsets/volume0']);
  assert.deepEqual(member(objects.get('configmaps/volume0-config'), 'data'), { 'buildkitd.toml': 'debug = true\n' });
  assert.match(JSON.stringify(objects.get('statefulsets/volume0')), /"storage":"1Gi"/);
  assert.equal((await ours('build', '--builder', 'volume', context.dir)).code, 0);
  assert.equal((await ours('rm', 'volume')).code, 0);
  assert.equal(objects.size, 0);
});

test('a builder of two nodes: each is booted, each builds its platform', async () => {
  await using kubernetes = await cluster();
  await using context = await freshContext(dockerfile);
  const { ours, objects } = kubernetes;
  const kubernetesNode = ['create', '--name', 'two', '--driver', 'kubernetes'];
  await ours(...kubernetesNode, '--node', 'amd_1', '--platform', 'linux/amd64');
  await ours(...kubernetesNode, '--append', '--node', 'arm', '--platform', 'linux/arm64', '--driver-opt', 'replicas=2');
  const booted = await ours('inspect', '--bootstrap', 'two');
  assert.equal(booted.code, 0, booted.stderr);
  assert.match(booted.stderr, /\[amd_1 internal\] booting buildkit/);
  assert.match(booted.stderr, /\[arm internal\] booting buildkit/);
  assert.deepEqual([...objects.keys()].toSorted(), ['deployments/amd-1', 'deployments/arm']);
  assert.match(JSON.stringify(objects.get('deployments/arm')), /"buildx.docker.com\/platform":"linux\/arm64"/);
  // three pods stand for the two nodes
  assert.deepEqual(
    booted.stdout.match(/^Name: .*$/gm)?.map((line) => line.replace(/^Name: +/, '')),
    ['two', 'amd_1', 'arm', 'arm'],
  );
  for (const [platform, pod] of [
    ['linux/arm64', /^arm-/],
    ['linux/amd64', /^amd-1-/],
  ] as const) {
    calls = [];
    const built = await ours('build', '--builder', 'two', '--platform', platform, context.dir);
    assert.equal(built.code, 0, built.stderr);
    assert(calls.length > 0 && calls.every((call) => pod.test(call.pod)), JSON.stringify(calls));
  }
  assert.equal((await ours('rm', 'two')).code, 0);
  assert.equal(objects.size, 0);
});

test('kube-pod:// needs no kubectl', async () => {
  await using kubernetes = await cluster();
  await using context = await freshContext(dockerfile);
  await kubernetes.ours('create', '--name', 'pods', '--driver', 'kubernetes', '--bootstrap');
  const pod = 'pods0-5644d7658-b0rbs';
  const built = await kubernetes.ours('build', '--builder', `kube-pod://${pod}`, context.dir);
  assert.equal(built.code, 0, built.stderr);
  assert.deepEqual(calls.at(-1), { pod, container: 'buildkitd', command: ['buildctl', 'dial-stdio'] });
  const missing = await kubernetes.ours('build', '--builder', 'kube-pod://nope?namespace=builders', context.dir);
  assert.deepEqual([missing.code, lastLine(missing.stderr)], [1, 'ERROR: pods "nope" not found']);
  await kubernetes.ours('rm', 'pods');
});

describe('what goes wrong is told', () => {
  const failure = async (
    options: Partial<KubernetesOptions>,
    driverOptions: string,
    prepare: (kubernetes: TestKubernetes) => void = () => undefined,
  ): Promise<string> => {
    await using kubernetes = await cluster(options);
    await using context = await freshContext(dockerfile);
    await kubernetes.ours('create', '--name', 'wrong', '--driver', 'kubernetes', '--driver-opt', driverOptions);
    prepare(kubernetes);
    const built = await kubernetes.ours('build', '--builder', 'wrong', context.dir);
    await kubernetes.ours('rm', 'wrong');
    assert.equal(built.code, 1);
    return lastLine(built.stderr);
  };

  test('pods that are not ready in time', async () => {
    const text = await failure({ ready: () => 0, run: () => Promise.reject(new Error('no')) }, 'replicas=3,timeout=1s');
    assert.match(text, /ERROR: .*expected 3 replicas to be ready, got 0$/);
  });

  test('a caller whose token is no good', async () => {
    const text = await failure({}, 'replicas=1', ({ setToken }: TestKubernetes) => setToken('another'));
    assert.match(text, /ERROR: .*error for bootstrap "wrong0": Unauthorized$/);
  });

  test('a caller who may not run commands', async () => {
    const text = await failure({ execVerbs: [] }, 'replicas=1');
    assert.match(text, /ERROR: .*cannot create resource "pods\/exec"/);
  });
});
