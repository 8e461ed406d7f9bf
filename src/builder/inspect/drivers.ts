// Matches buildx driver/{docker,docker-container,remote}/driver.go: what Info, Version and Features of a driver say.
import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import { createControlClient, type WorkerRecord } from '../../buildkit/control/index.ts';
import { createRpcClient, type RpcClient } from '../../buildkit/rpc/index.ts';
import type { EngineClient } from '../../docker/engine/index.ts';
import type { NodeTarget } from '../node-target.ts';
import { engineBuildkit } from './engine-buildkit.ts';
import type { NodeStatus } from './state.ts';

/** What there is to know of a node beside what its BuildKit says. */
export interface NodeDriver {
  readonly rpc: RpcClient;
  /** What can be started; undefined for engines. */
  readonly target: NodeTarget | undefined;
  /** Rejects when it cannot be told. */
  status(signal: AbortSignal): Promise<Exclude<NodeStatus, 'error'>>;
  /** The version of a BuildKit that does not tell itself. */
  version(signal: AbortSignal): Promise<string>;
  features(workers: readonly WorkerRecord[]): Readonly<Record<string, boolean>>;
}

/** The engine's own BuildKit. */
export function engineDriver(engine: EngineClient): NodeDriver {
  const rpc = createRpcClient(engine.grpcDialer, { endpoint: engine.host });
  return {
    rpc,
    target: undefined,
    async status(signal) {
      await engine.version({ signal });
      return 'running';
    },
    version: async (signal) => engineBuildkit((await engine.version({ signal })).version),
    features(workers) {
      const has = workers.some(({ labels }) => 'org.mobyproject.buildkit.worker.snapshotter' in labels);
      return { ...features(has, true), 'Prefer image digest': has };
    },
  };
}

/** A BuildKit of its own. */
export function targetDriver(target: NodeTarget, defaultLoad: boolean): NodeDriver {
  const { container, driver } = target;
  const rpc = createRpcClient(target.dial, target.rpc);
  const common = { rpc, target, features: () => features(true, defaultLoad) };
  if (driver === 'remote' || container === undefined) {
    return {
      ...common,
      status: async (signal) => {
        const answers = createControlClient(rpc).listWorkers({ signal });
        return await answers.then(() => 'running' as const).catch(() => 'inactive' as const);
      },
      version: async () => '',
    };
  }
  const { engine, name } = container;
  return {
    ...common,
    status: (signal) => containerStatus(engine, name, signal),
    version: (signal) => buildkitdVersion(engine, name, signal),
  };
}

function features(all: boolean, defaultLoad: boolean): Record<string, boolean> {
  return {
    'OCI exporter': all,
    'Docker exporter': all,
    'Cache export': all,
    'Multi-platform build': all,
    'Direct push': all,
    'Automatically load images to the Docker Engine image store': defaultLoad,
  };
}

/** How a builder's container is. Rejects with what the engine says, unless it is that there is none. */
export async function containerStatus(
  engine: EngineClient,
  name: string,
  signal: AbortSignal,
): Promise<'running' | 'inactive' | 'stopped'> {
  try {
    const { running } = await engine.inspectContainer(name, { signal });
    return running ? 'running' : 'stopped';
  } catch (error) {
    if (error instanceof TsbuildxError && error.code === 'NOT_FOUND') return 'inactive';
    throw error;
  }
}

/** More than any version is long. */
const MAX_VERSION = 4096;

async function buildkitdVersion(engine: EngineClient, container: string, signal: AbortSignal): Promise<string> {
  try {
    const stream = await engine.execDialer(container, ['buildkitd', '--version'])({ signal });
    stream.setEncoding('utf8');
    let text = '';
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.length > MAX_VERSION) throw new TsbuildxError('PROTOCOL', 'unexpected version format: too long');
    }
    const [, , version, ...rest] = text.trim().split(/\s+/);
    if (version === undefined || rest.length !== 1) {
      throw new TsbuildxError('PROTOCOL', `unexpected version format: ${text}`);
    }
    return version;
  } catch (error) {
    throw wrap(error instanceof TsbuildxError ? error.code : 'TRANSPORT', 'getting version', messageOf(error));
  }
}
