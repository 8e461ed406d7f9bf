// Matches buildx build/dial.go and build/resolver: which node is dialed, started when it does not run.
import type { Duplex } from 'node:stream';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { createControlClient, type SolveStatus } from '../../buildkit/control/index.ts';
import { normalizePlatform, parsePlatform, type Platform } from '../../oci/index.ts';
import { bootNode } from '../boot-node.ts';
import type { NodeDriver } from '../drivers/driver.ts';
import { type BuilderQuery, findBuilder } from '../find-builder.ts';
import { matchNodes } from '../match-nodes.ts';
import { noteUse } from '../note-use.ts';
import { type PlannedNode, planNodes } from '../plan-nodes.ts';

export interface DialSetting {
  readonly onStatus: (status: SolveStatus) => void;
  readonly signal: AbortSignal;
}

interface OpenedNode {
  readonly planned: PlannedNode;
  readonly driver: NodeDriver;
}

/** A stream to the control API of a node. Rejects with what keeps the node from being found, started or reached. */
export async function dialFound(
  platform: string | undefined,
  query: BuilderQuery,
  setting: DialSetting,
): Promise<Duplex> {
  const wanted = platform === undefined ? undefined : parseWanted(platform);
  const found = await findBuilder(query);
  noteUse(found.choice, query);
  await using opened = await openAll(planNodes(found, query).nodes);
  const { driver } = await chooseNode(opened.nodes, wanted, setting);
  // an engine runs, or nothing can be done; who names an address hears at once when there is nothing
  if (found.choice.kind === 'instance') await start(driver, setting);
  return await driver.dial({ signal: setting.signal });
}

function parseWanted(platform: string): Platform {
  try {
    return normalizePlatform(parsePlatform(platform));
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `invalid platform ${goQuote(platform)}`, error);
  }
}

async function openAll(planned: readonly PlannedNode[]): Promise<AsyncDisposable & { readonly nodes: OpenedNode[] }> {
  const ends = await Promise.allSettled(planned.map(async (node) => ({ planned: node, driver: await node.open() })));
  const nodes = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const failed = ends.find((end) => end.status === 'rejected');
  if (nodes.length === 0) throw failed?.reason ?? new TsbuildxError('NOT_FOUND', 'no nodes available');
  return {
    nodes,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(nodes.map(({ driver }) => driver[Symbol.asyncDispose]()));
    },
  };
}

/** What the user said of the nodes decides; where that says nothing, what their workers can run, and at last the first one. */
async function chooseNode(
  nodes: readonly OpenedNode[],
  wanted: Platform | undefined,
  setting: DialSetting,
): Promise<OpenedNode> {
  const [first] = nodes;
  if (first === undefined) throw new TsbuildxError('NOT_FOUND', 'no nodes available');
  if (wanted === undefined) return first;
  const configured = nodes.map(({ planned }) => planned.configured.platforms);
  const named = matchNodes(wanted, configured, 'strict');
  if (named !== undefined) return nodes[named.best] ?? first;
  const workers = await Promise.all(
    nodes.map(async ({ driver }) => {
      await start(driver, setting);
      return await createControlClient(driver.rpc).listWorkers({ signal: setting.signal });
    }),
  );
  const all = configured.map((own, at) => [...own, ...(workers[at] ?? []).flatMap(({ platforms }) => platforms)]);
  return nodes[matchNodes(wanted, all, 'compatible')?.best ?? 0] ?? first;
}

async function start(driver: NodeDriver, { onStatus, signal }: DialSetting): Promise<void> {
  if ((await driver.status({ signal })) !== 'running') await bootNode(driver, { prefix: '', onStatus, signal });
}
