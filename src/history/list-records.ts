// Matches buildx commands/history/ls.go.
import { TsbuildxError, wrap } from '../base/errors.ts';
import type { HistoryRecord, UnixNano } from '../buildkit/control/index.ts';
import { remoteUrl } from '../git/index.ts';
import { buildName } from './build-name.ts';
import { desktopUrl } from './desktop-url.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { openHistory } from './open-history.ts';

export interface ListRecordsOptions extends HistoryOptions {
  /** As `--filter` has them: `status=error`, `duration>5m`; a record has to match all. Default none. */
  readonly filters?: readonly string[] | undefined;
  /** Only builds of the git repository around this directory. */
  readonly repository?: string | undefined;
}

/** A build that a node of the builder has a record of. */
export interface ListedRecord {
  readonly builder: string;
  readonly node: string;
  /** What people call it: context or Dockerfile, and target. */
  readonly name: string;
  /** Where Docker Desktop shows it. */
  readonly url: string;
  readonly record: HistoryRecord;
  /** What the daemon's clock showed when it was asked; undefined of daemons that do not tell. */
  readonly daemonTime: UnixNano | undefined;
}

/**
 * Builds of all nodes of a builder: those that are running, then the newest first; of a node at most 50 that have ended.
 * Errors: as `openHistory`; INVALID_ARGUMENT (a filter), NOT_FOUND (no remote repository).
 */
export async function listRecords(
  options: ListRecordsOptions = {},
  context: HistoryContext = {},
): Promise<readonly ListedRecord[]> {
  const { filters = [], repository, env = process.env } = options;
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const own = repository === undefined ? [] : [`repository=${await repositoryUrl(repository, env, signal)}`];
  const found = await history.query({ filters: [...own, ...filters] });
  const listed = found.map((one): ListedRecord => {
    const { node, record, daemonTime } = one;
    const name = buildName(record.frontendAttrs, history.localState(one));
    const url = desktopUrl(`${node.builder}/${node.name}/${record.ref}`);
    return { builder: node.builder, node: node.name, name, url, record, daemonTime };
  });
  return listed.toSorted((a, b) => Number(isOver(a)) - Number(isOver(b)));
}

function isOver({ record }: ListedRecord): boolean {
  return record.completedAt !== undefined;
}

async function repositoryUrl(
  dir: string,
  env: NonNullable<HistoryOptions['env']>,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await remoteUrl(dir, env, { signal });
  } catch (error) {
    const code = error instanceof TsbuildxError ? error.code : 'IO';
    throw wrap(code, 'could not get remote URL for local filter', error);
  }
}
