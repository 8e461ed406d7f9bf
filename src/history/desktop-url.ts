// Matches buildx util/desktop/desktop.go and commands/history/open.go.
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { noRecord, openHistory } from './open-history.ts';

export interface RecordUrlOptions extends HistoryOptions {
  /** Id of a build, or `^N` for the Nth before the latest. Default: the latest. */
  readonly ref?: string | undefined;
}

/** Where Docker Desktop shows the record of a build. Errors: as `openHistory`; NOT_FOUND. */
export async function recordUrl(options: RecordUrlOptions, context: HistoryContext = {}): Promise<string> {
  const { ref = '' } = options;
  await using history = await openHistory(await historyQuery(options), context);
  const [found] = await history.query({ ref });
  if (found === undefined) throw noRecord(ref);
  return desktopUrl(`${found.node.builder}/${found.node.name}/${found.record.ref}`);
}

/** Where Docker Desktop shows a build that it has imported. */
export function importedUrl(id: string): string {
  return desktopUrl(`.imported/_/${id}`);
}

/** @param path `builder/node/id` */
export function desktopUrl(path: string): string {
  return `docker-desktop://dashboard/build/${path}`;
}
