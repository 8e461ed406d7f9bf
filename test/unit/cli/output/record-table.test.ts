import assert from 'node:assert/strict';
import { it } from 'node:test';
import { recordTable } from '../../../../src/cli/output/record-table.ts';
import type { HistoryRecord, ListedRecord } from '../../../../src/index.ts';
import { historyRecord } from '../../../support/history-record.ts';

const now = new Date('2026-01-02T03:04:05Z');
const nano = BigInt(now.getTime()) * 1_000_000n;
const SECOND = 1_000_000_000n;

function listed(name: string, known: Partial<HistoryRecord>, daemonTime?: bigint): ListedRecord {
  const record = historyRecord({ createdAt: nano - 200n * SECOND, ...known });
  return {
    builder: 'b',
    node: 'n',
    name,
    url: `docker-desktop://dashboard/build/b/n/${record.ref}`,
    record,
    daemonTime,
  };
}

const records = [
  listed('running', { ref: 'r1' }, nano - 190n * SECOND),
  listed('nobody knows since when', { ref: 'r2' }),
  listed(`${'long '.repeat(9)}name`, { ref: 'r3', completedAt: nano - 75n * SECOND }),
  listed('failed', { ref: 'r4', completedAt: nano, error: { code: 2, message: '', details: [] } }),
];

function lines(format: string, isTerminal = false, truncate = true): string[] {
  const text = recordTable(records, { format, truncate, isTerminal, now });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

it('tells how long builds take, those that run so far', () => {
  assert.deepEqual(lines('{{.Ref}} {{.Status}} {{.Duration}} {{.CreatedAt}}'), [
    'r1 Running 10.0s+ 3 minutes ago',
    'r2 Running  3 minutes ago',
    'r3 Completed 2m  5s 3 minutes ago',
    'r4 Error 3m 20s 3 minutes ago',
  ]);
});

it('shortens names in tables at their beginning', () => {
  assert.match(lines('table')[3] ?? '', /^r3 +\.\.(?:long ){6}name +Completed/);
  assert.match(lines('table', false, false)[3] ?? '', /^r3 +long long/);
  assert.equal(lines('{{.Name}}')[2], `${'long '.repeat(9)}name`);
});

it('links builds where a terminal can', () => {
  const esc = String.fromCharCode(27);
  const link = `${esc}]8;;docker-desktop://dashboard/build/b/n/r1${esc}\\Open${esc}]8;;${esc}\\`;
  assert.ok(lines('table', true)[1]?.endsWith(link));
  assert.equal(lines('{{.Link}}', true)[0], 'docker-desktop://dashboard/build/b/n/r1');
});

it('says in JSON when a build ended, if it did', () => {
  const [running, , completed] = lines('json').map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(Object.keys(running ?? {}), [
    'cached_steps',
    'completed_steps',
    'created_at',
    'name',
    'ref',
    'status',
    'total_steps',
  ]);
  assert.deepEqual([completed?.['ref'], completed?.['completed_at']], ['b/n/r3', '2026-01-02T03:02:50Z']);
});
