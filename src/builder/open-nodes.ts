import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import { createControlClient, type SolveStatus } from '../buildkit/control/index.ts';
import type { Platform } from '../oci/index.ts';
import { bootNode } from './boot-node.ts';
import { driverFactory, type NodeDriver } from './drivers/driver.ts';
import { type BuilderQuery, findBuilder } from './find-builder.ts';
import { planNodes } from './plan-nodes.ts';

/** All nodes of a builder, connected. Disposing closes the connections. */
export interface OpenNodes extends AsyncDisposable {
  readonly builder: string;
  readonly nodes: readonly OpenNode[];
}

export interface OpenNode {
  readonly name: string;
  /** Those that its builder was given. */
  readonly platforms: readonly Platform[];
  readonly driver: NodeDriver;
}

interface OpenNodesSetting {
  /** Milliseconds to connect in; 0 for no limit. */
  readonly timeoutMs: number;
  /** Starts what does not run, and is told how; default: none is started. */
  readonly onBoot?: ((status: SolveStatus) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Opens all nodes of a builder, and connects to them.
 * Rejects with the first that cannot be opened: NOT_FOUND, INVALID_ARGUMENT, UNSUPPORTED, IO, TRANSPORT, CANCELED.
 */
export async function openNodes(query: BuilderQuery, setting: OpenNodesSetting): Promise<OpenNodes> {
  const { timeoutMs, onBoot, signal } = setting;
  const plan = planNodes(await findBuilder(query), query);
  await driverFactory(plan.driver);
  await using stack = new AsyncDisposableStack();
  const nodes: OpenNode[] = [];
  for (const { configured, open } of plan.nodes) {
    const { name, platforms } = configured;
    nodes.push({ name, platforms, driver: stack.use(await open()) });
  }
  if (onBoot !== undefined) await bootAll(nodes, onBoot, signal);
  const deadline = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : new AbortController().signal;
  const both = AbortSignal.any([signal, deadline]);
  try {
    await Promise.all(nodes.map(({ driver }) => driver.rpc.connect({ signal: both })));
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
    throw new TsbuildxError('TRANSPORT', `context deadline exceeded: ${messageOf(error)}`, { cause: error });
  }
  const held = stack.move();
  return { builder: plan.name, nodes, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}

// Matches buildx builder/builder.go Boot: all that do not run are started side by side.
async function bootAll(
  nodes: readonly OpenNode[],
  onStatus: (status: SolveStatus) => void,
  signal: AbortSignal,
): Promise<void> {
  const states = await Promise.all(nodes.map(({ driver }) => driver.status({ signal })));
  const idle = nodes.filter((_, at) => states[at] !== 'running');
  const ends = await Promise.allSettled(
    idle.map(({ name, driver }) => bootNode(driver, { prefix: idle.length > 1 ? name : '', onStatus, signal })),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  await Promise.all(
    nodes.map(async ({ driver }) => {
      try {
        await createControlClient(driver.rpc).listWorkers({ signal });
      } catch (error) {
        throw wrap(error instanceof TsbuildxError ? error.code : 'TRANSPORT', 'listing workers', error);
      }
    }),
  );
}
