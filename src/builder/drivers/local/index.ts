// Beyond buildx: a buildkitd of this machine, for those that have no Docker. It is started when it is needed and stays.
import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { controlSessionDialer, createControlClient } from '../../../buildkit/control/index.ts';
import { createRpcClient } from '../../../buildkit/rpc/index.ts';
import { dialerFor } from '../../../transport/index.ts';
import { openStateDir } from '../../store/index.ts';
import type { CallOptions, DriverFactory, DriverStatus, NodeDriver, RemoveOptions } from '../driver.ts';
import { driverFeatures } from '../features.ts';
import { invalidOption } from '../options.ts';
import { untilAnswering } from '../until-answering.ts';
import { readLocalOptions } from './options.ts';
import { type Place, placeOf } from './place.ts';
import type { LocalNode } from './start.ts';

/** Milliseconds that a daemon may take until it answers. */
const WAIT_MS = 20_000;

export const localFactory: DriverFactory = {
  name: 'local',
  allowsInstances: true,
  check(node) {
    readLocalOptions(node);
    if (!/^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/.test(node.name)) throw invalidOption(`invalid node name ${node.name}`);
  },
  async open(_, node, { settings }) {
    localFactory.check(node);
    const place = placeOf(openStateDir(settings.config.dir, settings.env).path, node.name);
    const { buildkitdFlags: flags, files } = node;
    return localDriver({ place, options: readLocalOptions(node), flags, files }, settings.env);
  },
};

function localDriver(node: LocalNode, env: Readonly<Record<string, string | undefined>>): NodeDriver {
  const { place } = node;
  const { defaultLoad } = node.options;
  const endpoint = `unix://${place.socket}`;
  const dial = dialerFor({ kind: 'unix', path: place.socket });
  const rpc = createRpcClient(dial, { endpoint });
  const isRunning = async (signal: AbortSignal): Promise<boolean> => {
    if (!existsSync(place.socket)) return false;
    try {
      await rpc.connect({ signal });
      await createControlClient(rpc).listWorkers({ signal });
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      return false;
    }
  };
  return {
    driver: 'local',
    dial,
    rpc,
    endpoint,
    defaultLoad,
    dialSession: controlSessionDialer(rpc),
    bootStep: 'booting buildkit',
    async status({ signal }): Promise<DriverStatus> {
      if (await isRunning(signal)) return 'running';
      return existsSync(place.dir) ? 'stopped' : 'inactive';
    },
    version: async () => '',
    features: () => driverFeatures(true, defaultLoad),
    async boot(options) {
      const { signal } = options;
      const { startDaemon } = await import('./start.ts');
      await startDaemon(node, {
        ...options,
        env,
        isRunning: () => isRunning(signal),
        untilAnswering: (isOver) => untilAnswering(rpc, { waitMs: WAIT_MS, isOver, signal }),
      });
    },
    stop: (options) => stop(node, options),
    remove: (options) => remove(node, options, env),
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}

async function stop({ place }: LocalNode, options: CallOptions): Promise<void> {
  if (!existsSync(place.dir)) return;
  await using _ = await hold(place, options);
  await end(place, options);
}

async function remove(
  { place }: LocalNode,
  { keepState, keepDaemon, signal }: RemoveOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (keepDaemon || !existsSync(place.dir)) return;
  await using _ = await hold(place, { signal });
  await end(place, { signal });
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
  if (keepState) {
    await Promise.all([place.config, place.log].map(remove));
    return;
  }
  const { removeTree } = await import('./remove-tree.ts');
  await removeTree(place.dir, env);
  await remove(place.lock); // who waits for it notices
}

async function hold(place: Place, options: CallOptions): Promise<AsyncDisposable> {
  const { lockFile } = await import('../../../files/index.ts');
  return await lockFile(place.lock, options);
}

async function end(place: Place, options: CallOptions): Promise<void> {
  const { stopProcess } = await import('./daemon-process.ts');
  await stopProcess(place, options);
}
