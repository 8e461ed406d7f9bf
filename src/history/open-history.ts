// Matches buildx commands/history/utils.go loadNodes and queryRecords: the records of all nodes, the newest build first.
import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { type ContentClient, createContentClient } from '../buildkit/content/index.ts';
import {
  type ControlClient,
  createControlClient,
  type HistoryRecord,
  now,
  type UnixNano,
} from '../buildkit/control/index.ts';
import {
  type BuilderQuery,
  type DriverName,
  type LocalState,
  type LocalStateGroup,
  openNodes,
  openStateDir,
  readLocalState,
  readLocalStateGroup,
} from '../builder/index.ts';
import type { Platform } from '../oci/index.ts';
import type { HistoryContext } from './history-options.ts';
import { historyFilter } from './history-filter.ts';
import { parseRecordReference } from './record-reference.ts';
import { toldAsGrpc } from './stream-error.ts';

/** Records that are taken of one node at most, beside those of running builds. */
const LIMIT = 50;

/** The histories of all nodes of a builder. Disposing closes the connections. */
export interface History extends AsyncDisposable {
  readonly nodes: readonly HistoryNode[];
  /** Records of all nodes, the newest build first. Rejects with INVALID_ARGUMENT, NOT_FOUND (an offset), RpcError. */
  query(query: RecordQuery): Promise<readonly FoundRecord[]>;
  /**
   * The newest record of a reference: an id, `^N` for the Nth build before the latest, or nothing for the latest. Rejects as
   * `query`, and with NOT_FOUND.
   */
  findOne(ref: string): Promise<FoundRecord>;
  /** What this machine remembers of a build, when it was started here. */
  localState(found: Pick<FoundRecord, 'node' | 'record'>): LocalState | undefined;
  /** The builds that were started together, by `LocalState.GroupRef`. */
  localStateGroup(id: string): LocalStateGroup | undefined;
}

export interface HistoryNode {
  readonly builder: string;
  readonly name: string;
  /** Those that the builder was given; its daemon has more. */
  readonly platforms: readonly Platform[];
  readonly driver: DriverName;
  readonly control: ControlClient;
  readonly content: ContentClient;
}

export interface RecordQuery {
  /** An id, or `^N`. Default: any build. */
  readonly ref?: string | undefined;
  /** As `--filter` has them; a record has to match all. Default none. */
  readonly filters?: readonly string[] | undefined;
  /** Leave running builds out. Default false. */
  readonly completedOnly?: boolean | undefined;
}

export interface FoundRecord {
  readonly node: HistoryNode;
  readonly record: HistoryRecord;
  /** What the daemon's clock showed when it was asked; undefined of daemons that do not tell. */
  readonly daemonTime: UnixNano | undefined;
}

/**
 * Opens all nodes of a builder; those that do not run are started.
 * Rejects with the first that cannot be opened: NOT_FOUND, INVALID_ARGUMENT, UNSUPPORTED, IO, TRANSPORT, CANCELED.
 */
export async function openHistory(query: BuilderQuery, context: HistoryContext = {}): Promise<History> {
  const { signal = new AbortController().signal, onStatus: onBoot = () => undefined } = context;
  const open = await openNodes(query, { timeoutMs: 0, onBoot, signal });
  const stateDir = openStateDir(query.config.dir, query.env);
  const nodes = open.nodes.map(
    ({ name, platforms, driver }): HistoryNode => ({
      builder: open.builder,
      name,
      platforms,
      driver: driver.driver,
      control: createControlClient(driver.rpc),
      content: createContentClient(driver.rpc),
    }),
  );
  const history: History = {
    nodes,
    query: (wanted) => queryRecords(nodes, wanted, signal),
    async findOne(ref) {
      const [first] = await history.query({ ref });
      if (first === undefined) throw noRecord(ref);
      return first;
    },
    localState: ({ node, record }) =>
      readLocalState(stateDir, { builder: node.builder, node: node.name, id: record.ref }),
    localStateGroup: (id) => readLocalStateGroup(stateDir, id),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
  return history;
}

/** What is said where a reference leads to nothing. */
export function noRecord(ref: string): TsbuildxError {
  return new TsbuildxError('NOT_FOUND', ref === '' ? 'no records found' : `no record found for ref ${goQuote(ref)}`);
}

async function queryRecords(
  nodes: readonly HistoryNode[],
  { ref = '', filters = [], completedOnly = false }: RecordQuery,
  signal: AbortSignal,
): Promise<readonly FoundRecord[]> {
  const reference = parseRecordReference(ref);
  const matches = historyFilter(filters, now());
  // Daemons are not asked for a limit or filters: of these BuildKit before 0.29 dies once an inspected record was removed.
  const query = { ref: reference.kind === 'id' ? reference.id : '', earlyExit: true };
  const records = await Promise.all(
    nodes.map(async (node) => {
      const found = new Map<string, FoundRecord>();
      const events = node.control.listenBuildHistory(query, { signal });
      for await (const { type, record, daemonTime } of toldAsGrpc(events)) {
        // A build may end while it is told of, and its record be removed.
        found.delete(record.ref);
        if (type === 'deleted' || (completedOnly && type !== 'complete') || !matches(record)) continue;
        found.set(record.ref, { node, record, daemonTime });
      }
      return newestOf([...found.values()]);
    }),
  );
  const newest = records.flat().toSorted(byAge);
  if (reference.kind === 'id') return newest;
  const { offset } = reference;
  if (offset > newest.length) {
    throw new TsbuildxError('NOT_FOUND', `no completed build found with offset ${offset - newest.length}`);
  }
  return newest.slice(Math.max(offset, 0)).slice(0, 1);
}

/** All that are running, and as many of the others as are shown. */
function newestOf(records: readonly FoundRecord[]): readonly FoundRecord[] {
  const ended = records.filter(({ record }) => record.completedAt !== undefined).toSorted(byAge);
  return [...records.filter(({ record }) => record.completedAt === undefined), ...ended.slice(0, LIMIT)];
}

/** The newest first. */
function byAge({ record: { createdAt: a = 0n } }: FoundRecord, { record: { createdAt: b = 0n } }: FoundRecord): number {
  return a < b ? 1 : a > b ? -1 : 0;
}
