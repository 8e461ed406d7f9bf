// Matches buildx commands/diskusage.go: what `--format` of `du` shows, and the sums below it.
import { alignColumns } from '../../base/columns.ts';
import { formatGoTime, utcTime } from '../../base/go-time.ts';
import type { NodeUsage, UsageRecord } from '../../index.ts';
import { decimalSize } from './byte-size.ts';
import { type DockerFormat, dockerFormat, formatRows } from './docker-format.ts';
import { humanDuration } from './human-duration.ts';
import { any, bool, field, int, list, method, pointer, struct, text } from './template/index.ts';

interface Row {
  readonly record: UsageRecord;
  readonly isTable: boolean;
  /** Nanoseconds since the epoch. */
  readonly now: bigint;
}

const TABLE = 'table {{.ID}}\t{{.Reclaimable}}\t{{.Size}}\t{{.LastUsedAt}}';
const PRETTY = `ID:           {{.ID}}
{{- if .Parents }}
Parents:
{{- range .Parents }}
 - {{.}}
{{- end }}
{{- end }}
Created at:   {{.CreatedAt}}
Mutable:      {{.Mutable}}
Reclaimable:  {{.Reclaimable}}
Shared:       {{.Shared}}
Size:         {{.Size}}
{{- if .Description}}
Description:  {{ .Description }}
{{- end }}
Usage count:  {{.UsageCount}}
{{- if .LastUsedAt}}
Last used:    {{ .LastUsedAt }}
{{- end }}
{{- if .Type}}
Type:         {{ .Type }}
{{- end }}
`;
const HEADERS = {
  ID: 'ID',
  Parents: 'PARENTS',
  CreatedAt: 'CREATED AT',
  Mutable: 'MUTABLE',
  Reclaimable: 'RECLAIMABLE',
  Shared: 'SHARED',
  Size: 'SIZE',
  Description: 'DESCRIPTION',
  UsageCount: 'USAGE COUNT',
  LastUsedAt: 'LAST ACCESSED',
  Type: 'TYPE',
};

const rowShape = pointer(
  struct<Row>({
    name: 'commands.diskusageContext',
    fields: {
      Header: field(any, () => undefined),
      format: field(text, () => ''),
      du: field(any, () => undefined),
    },
    methods: {
      ID: method(text, ({ record, isTable }) => `${record.id}${isTable && record.mutable ? '*' : ''}`),
      Parents: method(list(text), ({ record: { parents } }) => (parents.length === 0 ? undefined : parents)),
      CreatedAt: method(text, ({ record }) => formatGoTime(utcTime(record.createdAt))),
      Mutable: method(bool, ({ record }) => record.mutable),
      Reclaimable: method(bool, ({ record }) => !record.inUse),
      Shared: method(bool, ({ record }) => record.shared),
      Size: method(text, ({ record, isTable }) => `${decimalSize(record.size)}${isTable && record.shared ? '*' : ''}`),
      Description: method(text, ({ record }) => record.description),
      UsageCount: method(int, ({ record }) => record.usageCount),
      LastUsedAt: method(text, ({ record, now }) => lastUsed(record, now)),
      Type: method(text, ({ record }) => record.recordType),
    },
    json: 'methods',
  }),
);

export interface UsageTableOptions {
  /** `--format`: `table`, `pretty`, `json`, or a template. */
  readonly format: string;
  /** Sums are told of the whole cache only. */
  readonly isFiltered: boolean;
  /** Nanoseconds since the epoch. */
  readonly now: bigint;
}

/** The build cache of all nodes. Throws INVALID_ARGUMENT for a template that is wrong. */
export function usageTable(usage: readonly NodeUsage[], options: UsageTableOptions): string {
  const { now } = options;
  const format = wholeFormat(options.format);
  const rows = usage.flatMap(({ records }) =>
    records.map((record) => rowShape.of({ record, isTable: format.isTable, now })),
  );
  const hasSums = (format.text === TABLE || format.text === PRETTY) && !options.isFiltered;
  return formatRows(format, rows, HEADERS) + (hasSums ? sums(usage.flatMap(({ records }) => records)) : '');
}

function wholeFormat(format: string): DockerFormat {
  return dockerFormat(format === 'table' ? TABLE : format === 'pretty' ? PRETTY : format);
}

/** How long ago; empty when it is not known. */
export function lastUsed({ lastUsedAt }: UsageRecord, now: bigint): string {
  return lastUsedAt === undefined ? '' : `${humanDuration(now - lastUsedAt)} ago`;
}

function sums(records: readonly UsageRecord[]): string {
  const sizeOf = (taken: readonly UsageRecord[]): bigint => taken.reduce((sum, { size }) => sum + size, 0n);
  const sized = records.filter(({ size }) => size > 0n);
  const total = sizeOf(sized);
  const shared = sizeOf(records.filter((record) => record.shared));
  const rows = [
    ['Reclaimable:', decimalSize(sizeOf(sized.filter(({ inUse }) => !inUse)))],
    ['Total:', decimalSize(total)],
  ];
  const split = [
    ['Shared:', decimalSize(shared)],
    ['Private:', decimalSize(total - shared)],
  ];
  return alignColumns(shared > 0n ? [...split, ...rows] : rows, 1, { least: 1, tabs: true });
}
