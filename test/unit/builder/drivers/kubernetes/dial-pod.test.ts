import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { TsbuildxError } from '../../../../../src/base/errors.ts';
import { podDialer } from '../../../../../src/builder/drivers/kubernetes/dial-pod.ts';
import { type KubeClient, KubeError, type Pod } from '../../../../../src/kube/index.ts';
import type { Dialer } from '../../../../../src/transport/index.ts';

const signal = new AbortController().signal;

const pod = (name: string, isRunning = true): Pod => ({
  name,
  isRunning,
  annotations: {},
  containers: ['first', 'second'],
});

/** A cluster with these pods; `dial` is what running a command does. */
function kubeWith(pods: readonly Pod[], dial: (where: string) => ReturnType<Dialer>): KubeClient {
  const no = (): never => assert.fail('not to be called');
  return {
    namespace: 'ns',
    get: no,
    create: no,
    update: no,
    remove: no,
    getPod: no,
    listPods: async () => pods,
    commandDialer: (name, container, command) => () => dial([name, container, ...command].join(' ')),
    [Symbol.dispose]: () => {},
  };
}

test('waiting for a pod that refuses ends with the signal', async () => {
  const stop = new AbortController();
  const refuse = async (): ReturnType<Dialer> => {
    setImmediate(() => stop.abort());
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
  };
  const dial = podDialer(kubeWith([pod('a')], refuse), { labels: {}, loadBalance: 'random', key: '' });
  await assert.rejects(dial({ signal: stop.signal }), { name: 'TsbuildxError', code: 'CANCELED' });
});

test('a context has its pod, as long as that runs', async () => {
  const dialed: string[] = [];
  const dial = async (where: string): ReturnType<Dialer> => {
    dialed.push(where);
    return new PassThrough();
  };
  const options = { labels: { app: 'a' }, loadBalance: 'sticky', key: '/work/app' } as const;
  const pods = ['s-0', 's-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7'].map((name) => pod(name));
  await podDialer(kubeWith(pods, dial), options)({ signal });
  await podDialer(kubeWith(pods.toReversed(), dial), options)({ signal });
  await podDialer(kubeWith([...pods.slice(0, 5), pod('s-5', false)], dial), options)({ signal });
  assert.deepEqual(dialed.slice(0, 2), ['s-5 first buildctl dial-stdio', 's-5 first buildctl dial-stdio']);
  assert.doesNotMatch(dialed[2] ?? '', /^s-5/);
});

test('without a context in common, builders are spread, and each keeps its pod as long as it runs', async () => {
  const dialed = new Set<string>();
  const dial = async (where: string): ReturnType<Dialer> => {
    dialed.add(where);
    return new PassThrough();
  };
  const kube = kubeWith([pod('a'), pod('b')], dial);
  for (let i = 0; i < 60; i += 1) {
    await podDialer(kube, { labels: {}, loadBalance: 'random', key: '/work/app' })({ signal });
  }
  assert.equal(dialed.size, 2);
  dialed.clear();
  const dialer = podDialer(kube, { labels: {}, loadBalance: 'random', key: '/work/app' });
  for (let i = 0; i < 60; i += 1) await dialer({ signal });
  assert.equal(dialed.size, 1);
});

test('no pods', async () => {
  for (const loadBalance of ['sticky', 'random'] as const) {
    const dialer = podDialer(
      kubeWith([pod('a', false)], () => assert.fail('dialed')),
      { labels: {}, loadBalance, key: '' },
    );
    await assert.rejects(dialer({ signal }), { code: 'NOT_FOUND', message: 'no running buildkit pods found' });
  }
});

test('a node that is not ready yet is asked again, an answer is an answer', async () => {
  let dials = 0;
  const notReady = new KubeError('KUBE_FAILED', 'error dialing backend: remote error: tls: internal error', {
    status: 500,
    reason: 'InternalError',
  });
  const dialer = (error: Error): Dialer =>
    podDialer(
      kubeWith([pod('a')], async () => {
        dials += 1;
        if (dials === 1) throw error;
        return new PassThrough();
      }),
      { labels: {}, loadBalance: 'sticky', key: '' },
    );
  await dialer(notReady)({ signal });
  assert.equal(dials, 2);
  dials = 0;
  await assert.rejects(dialer(new TsbuildxError('AUTH', 'no'))({ signal }), { message: 'no' });
  assert.equal(dials, 1);
});
