import type { SolveStatus } from '../buildkit/control/index.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { openHistory } from './open-history.ts';
import { toldAsGrpc } from './stream-error.ts';

export interface RecordedStatusOptions extends HistoryOptions {
  /** An id, or `^N` for the Nth build before the latest. Default: the latest. */
  readonly ref?: string | undefined;
}

/**
 * The progress of a recorded build as it was told while that ran; of one that is running, as it goes on.
 * Errors: as `openHistory`; NOT_FOUND, RPC_FAILED.
 */
export async function* recordedStatus(
  options: RecordedStatusOptions = {},
  context: HistoryContext = {},
): AsyncGenerator<SolveStatus> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const { node, record } = await history.findOne(options.ref ?? '');
  yield* toldAsGrpc(node.control.status(record.ref, { signal }));
}
