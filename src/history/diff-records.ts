import { TsbuildxError } from '../base/errors.ts';
import { type BuildDiff, compareBuilds } from './diff/compare-builds.ts';
import { readBuild, type RecordedBuild } from './diff/recorded-build.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { noRecord, openHistory } from './open-history.ts';

export interface DiffRecordsOptions extends HistoryOptions {
  /** Id of a build that has ended, or `^N` for the Nth before the latest. Default: `^1`. */
  readonly before?: string | undefined;
  /** Default: the latest. */
  readonly after?: string | undefined;
}

/**
 * What is different between two builds: what they were given, what they were made from, which steps ran and why, and how long
 * that took. Of a build over several nodes it is the record that began last.
 *
 * Errors: as `openHistory`; NOT_FOUND (no such build), INVALID_ARGUMENT (twice the same), RPC_FAILED, PROTOCOL.
 */
export async function diffRecords(options: DiffRecordsOptions = {}, context: HistoryContext = {}): Promise<BuildDiff> {
  const { before = '^1', after = '' } = options;
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const read = async (ref: string): Promise<RecordedBuild> => {
    const [found] = await history.query({ ref, completedOnly: true });
    if (found === undefined) throw noRecord(ref);
    return await readBuild(history, found, { signal });
  };
  const [a, b] = await Promise.all([read(before), read(after)]);
  if (a.ref === b.ref) {
    throw new TsbuildxError('INVALID_ARGUMENT', `there is nothing to compare: both are build ${a.ref}`);
  }
  return compareBuilds(a, b);
}
