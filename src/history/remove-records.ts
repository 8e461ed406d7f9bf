// Matches buildx commands/history/rm.go: a record is gone when one node has removed it.
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { type HistoryNode, openHistory } from './open-history.ts';
import { toldAsGrpc } from './stream-error.ts';

export interface RemoveRecordsOptions extends HistoryOptions {
  /** Ids of builds, or all that have ended. */
  readonly refs: readonly string[] | 'all';
}

/** Removes records of builds from all nodes. Errors: as `openHistory`; RPC_FAILED for what no node could remove. */
export async function removeRecords(options: RemoveRecordsOptions, context: HistoryContext = {}): Promise<void> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const { refs } = options;
  if (refs === 'all') {
    await Promise.all(history.nodes.map((node) => removeAll(node, signal)));
    return;
  }
  const failures: string[] = [];
  for (const ref of refs) {
    const ends = await Promise.allSettled(
      history.nodes.map(({ control }) => control.updateBuildHistory({ ref, delete: true }, { signal })),
    );
    signal.throwIfAborted();
    const failed = ends.filter((end) => end.status === 'rejected');
    if (failed.length === ends.length) failures.push(...failed.map(({ reason }) => messageOf(reason)));
  }
  if (failures.length > 0) throw new TsbuildxError('RPC_FAILED', failures.join('\n'));
}

async function removeAll({ control }: HistoryNode, signal: AbortSignal): Promise<void> {
  const refs: string[] = [];
  const events = control.listenBuildHistory({ earlyExit: true }, { signal });
  for await (const { type, record } of toldAsGrpc(events)) {
    if (type === 'complete') refs.push(record.ref);
  }
  for (const ref of refs) await control.updateBuildHistory({ ref, delete: true }, { signal });
}
