import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { NodeDriver } from '../drivers/driver.ts';
import { type BuilderQuery, findBuilder } from '../find-builder.ts';
import { planNodes } from '../plan-nodes.ts';

/** All nodes of a builder, connected. Disposing closes the connections. */
export interface OpenNodes extends AsyncDisposable {
  readonly nodes: readonly { readonly name: string; readonly driver: NodeDriver }[];
}

/**
 * Opens all nodes of a builder, and connects to them within `timeoutMs` (0 for no limit). None is started.
 * Rejects with the first that cannot be opened: NOT_FOUND, INVALID_ARGUMENT, UNSUPPORTED, IO, TRANSPORT, CANCELED.
 */
export async function openNodes(
  query: BuilderQuery,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<OpenNodes> {
  const plan = planNodes(await findBuilder(query), query);
  await using stack = new AsyncDisposableStack();
  const nodes: OpenNodes['nodes'][number][] = [];
  for (const { configured, open } of plan.nodes) {
    nodes.push({ name: configured.name, driver: stack.use(await open()) });
  }
  const deadline = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : new AbortController().signal;
  const both = AbortSignal.any([signal, deadline]);
  try {
    await Promise.all(nodes.map(({ driver }) => driver.rpc.connect({ signal: both })));
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error;
    throw new TsbuildxError('TRANSPORT', `context deadline exceeded: ${messageOf(error)}`, { cause: error });
  }
  const held = stack.move();
  return { nodes, [Symbol.asyncDispose]: () => held[Symbol.asyncDispose]() };
}
