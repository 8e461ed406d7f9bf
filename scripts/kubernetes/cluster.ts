// Starts and stops a real cluster of one node: Kubernetes 1.20.2, etcd, containerd. Everything is gone when it is stopped.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { engineBundle, kubernetesNodeBundle } from '../engine/bundles.ts';
import { openKube } from '../../src/kube/index.ts';
import { kubenode } from './build-kubenode.ts';
import { writeImages } from './images.ts';
import { containerdSocket, type NodePlan } from './node-parts.ts';

const run = promisify(execFile);

export interface Cluster extends AsyncDisposable {
  /** Of somebody who may do anything. */
  readonly kubeconfig: string;
  /** Of somebody who may do nothing. */
  readonly viewer: string;
  /** Logs of all parts, `<part>.log`. */
  readonly work: string;
  /** The address of this machine for pods. */
  readonly address: string;
}

const SUBNET = '10.214.78';
const READY_MS = 90_000;

/** @param relayPort where on `address` the BuildKit listens that the pods of `moby/buildkit` lead to. Needs root. */
export async function startCluster(relayPort: number): Promise<Cluster> {
  const [program, programs] = await Promise.all([kubenode(), kubernetesNodeBundle(), engineBundle()]);
  const work = await mkdtemp(join(tmpdir(), 'tsbk-'));
  const ports = await freePorts(['etcd', 'peer', 'api', 'kubelet', 'healthz', 'manager', 'scheduler'] as const);
  const plan: NodePlan = {
    work,
    kubenode: program,
    programs,
    bridge: 'tsbxk0',
    address: `${SUBNET}.1`,
    subnet: `${SUBNET}.0/24`,
    cgroup: `/tsbxkube-${process.pid}`,
    ports,
  };
  const supervisor = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts'), JSON.stringify(plan)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const cluster: Cluster = {
    kubeconfig: join(work, 'kubeconfig'),
    viewer: join(work, 'viewer'),
    work,
    address: plan.address,
    async [Symbol.asyncDispose]() {
      const exited = supervisor.exitCode === null ? once(supervisor, 'exit') : undefined;
      supervisor.stdin.end();
      await exited;
    },
  };
  try {
    await once(supervisor.stdout, 'data');
    for (const image of await writeImages(work, `${plan.address} ${relayPort}`)) await importImage(plan, image);
    await untilReady(cluster.kubeconfig);
    return cluster;
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

async function freePorts<Name extends string>(names: readonly Name[]): Promise<Record<Name, number>> {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Object.fromEntries(names.map((name, i) => [name, ports[i]])) as Record<Name, number>;
}

async function importImage({ programs, work }: NodePlan, archive: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    try {
      await run(join(programs, 'ctr'), ['-a', containerdSocket(work), '-n', 'k8s.io', 'images', 'import', archive]);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(200);
    }
  }
}

/** Ready is a cluster that has run a pod's worth of its parts: the API server answers and has the default namespace. */
async function untilReady(kubeconfig: string): Promise<void> {
  const signal = AbortSignal.timeout(READY_MS);
  using kube = await openKube({ kubeconfig, env: {}, userAgent: 'test' });
  const probe = { metadata: { name: 'probe' } };
  for (;;) {
    try {
      await kube.create('configmaps', probe, { signal });
      await kube.remove('configmaps', 'probe', { signal });
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      await delay(200);
    }
  }
}
