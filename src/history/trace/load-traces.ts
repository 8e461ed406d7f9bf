import { type HistoryContext, type HistoryOptions, historyQuery } from '../history-options.ts';
import { openHistory } from '../open-history.ts';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { type BuildTrace, loadTrace } from './load-trace.ts';

export interface LoadTracesOptions extends HistoryOptions {
  /** Each an id, `^N` for the Nth build before the latest, or nothing for the latest. */
  readonly refs: readonly string[];
}

/**
 * The traces of builds that have ended. The daemon is asked to write one that it has not written yet.
 * Errors: as `openHistory`; NOT_FOUND, INVALID_ARGUMENT, PROTOCOL, RPC_FAILED.
 */
export async function loadTraces(options: LoadTracesOptions, context: HistoryContext = {}): Promise<BuildTrace[]> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const traces: BuildTrace[] = [];
  for (const [index, ref] of options.refs.entries()) {
    try {
      traces.push(await loadTrace(history, ref, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (index === 0) throw error;
      throw wrap(error instanceof TsbuildxError ? error.code : 'IO', `failed to load trace for ${ref}`, error);
    }
  }
  return traces;
}
