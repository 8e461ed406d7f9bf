// Matches buildx driver/docker-container/driver.go Bootstrap and wait: same parts.
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import type { RpcClient } from '../../../buildkit/rpc/index.ts';
import type { ContainerInfo, EngineClient } from '../../../docker/engine/index.ts';
import { pause } from '../../../transport/index.ts';
import type { EngineSettings } from '../../open-engine.ts';
import type { BootOptions, BootTeller, CallOptions } from '../driver.ts';
import { untilAnswering } from '../until-answering.ts';
import type { ContainerNode } from './create.ts';

export interface BootedContainer {
  readonly engine: EngineClient;
  readonly name: string;
  readonly rpc: RpcClient;
  /** Undefined: it is not made here. */
  readonly node: ContainerNode | undefined;
  readonly settings: EngineSettings;
}

/** Milliseconds that a daemon may take until it answers. */
const WAIT_MS = 15_000;
/** Milliseconds for which a new container is left to who made it: its configuration comes before its start. */
const CREATOR_MS = 3_000;
const PAUSE_MS = 100;
const MAX_RESTARTS = 3;
/** Lines of what the container wrote that are shown when its daemon does not answer. */
const LOG_LINES = 1000;
const LOG_MS = 5_000;

export async function bootContainer(container: BootedContainer, options: BootOptions): Promise<void> {
  const { engine, name, node, settings } = container;
  const { tell, signal } = options;
  const there = await inspect(engine, name, { signal });
  if (there === undefined && node !== undefined) {
    const { createNode } = await import('./create.ts');
    await createNode(engine, node, settings, options, () => wait(container, options));
    return;
  }
  if (there === undefined) {
    throw new TsbuildxError(
      'NOT_FOUND',
      `there is no container ${name} at ${engine.host}: start one, or check its name`,
    );
  }
  await tell.part(`starting container ${name}`, async () => {
    await leaveToCreator(container, there, signal);
    await engine.startContainer(name, { signal });
    await wait(container, options);
  });
}

async function inspect(engine: EngineClient, name: string, options: CallOptions): Promise<ContainerInfo | undefined> {
  try {
    return await engine.inspectContainer(name, options);
  } catch (error) {
    if (error instanceof TsbuildxError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

async function leaveToCreator(
  { engine, name }: BootedContainer,
  first: ContainerInfo,
  signal: AbortSignal,
): Promise<void> {
  let info: ContainerInfo | undefined = first;
  for (let waited = 0; info?.status === 'created' && waited < CREATOR_MS; waited += PAUSE_MS) {
    await pause(PAUSE_MS, { signal });
    info = await inspect(engine, name, { signal });
  }
}

async function wait({ engine, name, rpc }: BootedContainer, { tell, signal }: BootOptions): Promise<void> {
  let ended: ContainerInfo | undefined;
  const isOver = async (options: CallOptions): Promise<boolean> => {
    // one that another process is making has its name before it can be found
    const info = await inspect(engine, name, options);
    if (info !== undefined && hasEnded(info)) ended = info;
    return ended !== undefined;
  };
  try {
    await untilAnswering(rpc, { waitMs: WAIT_MS, isOver, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    await showLogs(engine, name, tell);
    if (ended === undefined) throw error;
    const text = `buildkitd in container ${name} ended with exit code ${ended.exitCode}: what it wrote is above`;
    throw new TsbuildxError('TRANSPORT', text, { cause: error });
  }
}

/** It does not run and will not, or is started again and again. */
function hasEnded({ status, restarts }: ContainerInfo): boolean {
  return status === 'exited' || status === 'dead' || restarts >= MAX_RESTARTS;
}

/** Why a daemon does not answer is mostly in what it wrote last. */
async function showLogs(engine: EngineClient, name: string, tell: BootTeller): Promise<void> {
  const { containerLogs } = await import('../../../docker/containers/index.ts');
  try {
    const output = await containerLogs(engine, name, { lines: LOG_LINES, signal: AbortSignal.timeout(LOG_MS) });
    for (const { stream, data } of output) tell.log(stream, data);
  } catch (error) {
    tell.log(2, Buffer.from(`no logs of container ${name}: ${messageOf(error)}\n`));
  }
}
