// Matches buildx commands/history/ls.go lsPrint and lsContext: what `--format` of `history ls` shows of builds.
import type { ListedRecord } from '../../index.ts';
import { goTimeJson, utcTime } from '../../base/go-time.ts';
import { dockerFormat, formatRows } from './docker-format.ts';
import { humanDuration } from './human-duration.ts';
import { recordDuration } from './record-duration.ts';
import { any, bool, field, method, pointer, struct, text } from './template/index.ts';

export interface RecordTableOptions {
  /** `--format`: `table`, `json`, or a template. */
  readonly format: string;
  /** Shorten long names in tables. */
  readonly truncate: boolean;
  readonly isTerminal: boolean;
  readonly now: Date;
}

interface Row {
  readonly listed: ListedRecord;
  readonly isTable: boolean;
  readonly options: RecordTableOptions;
}

const TABLE = 'table {{.Ref}}\t{{.Name}}\t{{.Status}}\t{{.CreatedAt}}\t{{.Duration}}\t{{.Link}}';
const HEADERS = {
  Ref: 'BUILD ID',
  Name: 'NAME',
  Status: 'STATUS',
  CreatedAt: 'CREATED AT',
  Duration: 'DURATION',
  Link: '',
};
const NAME_WIDTH = 36;

const rowShape = pointer(
  struct<Row>({
    name: 'history.lsContext',
    fields: {
      Header: field(any, () => undefined),
      isTerm: field(bool, () => false),
      trunc: field(bool, () => false),
      format: field(text, () => ''),
      record: field(any, () => undefined),
    },
    methods: {
      Ref: method(text, ({ listed }) => listed.record.ref),
      FullRef: method(text, ({ listed }) => fullRef(listed)),
      Name: method(text, ({ listed, isTable, options }) => nameCell(listed.name, isTable && options.truncate)),
      Status: method(text, ({ listed }) => statusOf(listed)),
      CreatedAt: method(text, createdAgo),
      Duration: method(text, ({ listed }) => durationCell(listed)),
      Link: method(text, linkCell),
    },
    json: ({ listed, isTable, options }) => {
      const { createdAt = 0n, completedAt, numCachedSteps, numCompletedSteps, numTotalSteps } = listed.record;
      return {
        cached_steps: numCachedSteps,
        completed_at: completedAt === undefined ? undefined : goTimeJson(utcTime(completedAt)),
        completed_steps: numCompletedSteps,
        created_at: goTimeJson(utcTime(createdAt)),
        name: nameCell(listed.name, isTable && options.truncate),
        ref: fullRef(listed),
        status: statusOf(listed),
        total_steps: numTotalSteps,
      };
    },
  }),
);

/** Builds as the format shows them. Throws INVALID_ARGUMENT for a template that is wrong. */
export function recordTable(records: readonly ListedRecord[], options: RecordTableOptions): string {
  const format = dockerFormat(options.format === 'table' ? TABLE : options.format);
  const rows = records.map((listed) => rowShape.of({ listed, isTable: format.isTable, options }));
  return formatRows(format, rows, HEADERS);
}

function fullRef({ builder, node, record }: ListedRecord): string {
  return `${builder}/${node}/${record.ref}`;
}

/** The end of a name says most. Counted in bytes, as Go does. */
function nameCell(name: string, shortened: boolean): string {
  const bytes = Buffer.from(name);
  if (!shortened || bytes.length <= NAME_WIDTH) return name;
  return `..${bytes.subarray(bytes.length - NAME_WIDTH + 2).toString()}`;
}

function statusOf({ record }: ListedRecord): string {
  if (record.completedAt === undefined) return 'Running';
  return record.error === undefined ? 'Completed' : 'Error';
}

function createdAgo({ listed, options }: Row): string {
  const now = BigInt(options.now.getTime()) * 1_000_000n;
  return `${humanDuration(now - (listed.record.createdAt ?? 0n))} ago`;
}

function durationCell({ record, daemonTime }: ListedRecord): string {
  const { createdAt = 0n, completedAt } = record;
  const end = completedAt ?? daemonTime;
  if (end === undefined) return '';
  return `${recordDuration(end - createdAt)}${completedAt === undefined ? '+' : ''}`;
}

function linkCell({ listed, isTable, options }: Row): string {
  const { url } = listed;
  if (!isTable) return url;
  return options.isTerminal ? hyperlink(url, 'Open') : '';
}

/** A text that terminals make a link of. */
function hyperlink(url: string, shown: string): string {
  return `\u001B]8;;${url}\u001B\\${shown}\u001B]8;;\u001B\\`;
}
