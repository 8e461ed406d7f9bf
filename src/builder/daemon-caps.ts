import type { BuilderNode } from './node.ts';
import { newIdentity } from '../buildkit/control/index.ts';

/**
 * The LLB capabilities of a node, by a build of nothing that leaves no trace in its history: a few round trips, for what
 * must be known before the build proper. Errors: TRANSPORT, RPC_FAILED, CANCELED.
 */
export async function daemonCaps(
  node: Pick<BuilderNode, 'control' | 'bridge'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const ref = newIdentity();
  const bridge = node.bridge(ref);
  const solving = node.control.solve(
    { ref, session: '', exporters: [], frontendAttrs: {}, internal: true },
    { signal },
  );
  const failed = solving.then(() => new Promise<never>(() => {}));
  const { llbCaps } = await Promise.race([bridge.ping({ signal }), failed]);
  await Promise.race([bridge.return({ metadata: new Map() }, { signal }), failed]);
  await solving;
  return new Set(llbCaps.map(({ id }) => id));
}
