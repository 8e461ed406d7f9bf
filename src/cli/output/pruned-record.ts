// Matches printVerbose and printTableRow of buildx commands/prune.go: each record is told when it is gone, by itself.
import { alignColumns } from '../../base/columns.ts';
import { formatGoTime, utcTime } from '../../base/go-time.ts';
import type { UsageRecord } from '../../index.ts';
import { decimalSize } from './byte-size.ts';
import { lastUsed } from './usage-table.ts';

export const PRUNED_HEADER = 'ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED';

/** The record, with `header` above it, if any. */
export function prunedRow(record: UsageRecord, now: bigint, header?: string): string {
  const { id, mutable, inUse, shared, size } = record;
  const cells = [
    `${id}${mutable ? '*' : ''}`.padEnd(40),
    String(!inUse).padEnd(5),
    `${decimalSize(size)}${shared ? '*' : ''}`.padEnd(10),
    lastUsed(record, now),
  ];
  return inTabs(header === undefined ? [cells] : [header.split('\t'), cells]);
}

/** All that is known of the record, and an empty line. */
export function prunedText(record: UsageRecord, now: bigint): string {
  const { parents, description, recordType } = record;
  const rows: [string, string][] = [
    ['ID', record.id],
    ...(parents.length === 0 ? [] : [['Parent', parents.join(',')] as [string, string]]),
    ['Created at', formatGoTime(utcTime(record.createdAt))],
    ['Mutable', String(record.mutable)],
    ['Reclaimable', String(!record.inUse)],
    ['Shared', String(record.shared)],
    ['Size', decimalSize(record.size)],
    ['Description', description],
    ['Usage count', String(record.usageCount)],
    ['Last used', lastUsed(record, now)],
    ['Type', recordType],
  ];
  const told = rows.filter(([, value]) => value !== '').map(([name, value]) => [`${name}:`, value]);
  return inTabs([...told, ['']]);
}

export function prunedTotal(bytes: bigint): string {
  return inTabs([['Total:', decimalSize(bytes)]]);
}

function inTabs(rows: readonly (readonly string[])[]): string {
  return alignColumns(rows, 1, { least: 1, tabs: true });
}
