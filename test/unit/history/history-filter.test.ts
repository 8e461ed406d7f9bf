import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HistoryRecord } from '../../../src/buildkit/control/index.ts';
import { historyFilter } from '../../../src/history/history-filter.ts';
import { historyRecord } from '../../support/history-record.ts';

const SECOND = 1_000_000_000n;
/** 2026-01-02T03:04:05Z. */
const now = 1_767_323_045n * SECOND;

const done = { createdAt: now - 120n * SECOND, completedAt: now - 60n * SECOND };
const records: Readonly<Record<string, HistoryRecord>> = {
  running: historyRecord({ ref: 'aaa', createdAt: now - 10n * SECOND }),
  completed: historyRecord({ ref: 'aab', ...done, frontendAttrs: { 'vcs:source': 'https://example.com/o/r.git' } }),
  error: historyRecord({ ref: 'abb', ...done, error: { code: 2, message: 'no', details: [] } }),
  canceled: historyRecord({
    ref: 'bbb',
    ...done,
    error: { code: 1, message: 'x: context canceled', details: [] },
    frontendAttrs: { context: 'https://example.com/o/q.git#main' },
  }),
};

function matching(...filters: string[]): string {
  const matches = historyFilter(filters, now);
  return Object.keys(records)
    .filter((name) => matches(records[name] ?? historyRecord({})))
    .join(' ');
}

describe('filters', () => {
  const rows = [
    ['ref=aa', 'running completed'],
    ['ref=bb', 'error canceled'],
    ['ref!=aaa', 'completed error canceled'],
    ['ref!=aa', 'running completed error canceled'],
    ['status=running', 'running'],
    ['status=completed', 'completed'],
    ['status=error', 'error'],
    ['status=canceled', 'canceled'],
    ['status=err', ''],
    ['status!=error', 'running completed canceled'],
    ['repository=example.com/o', 'completed canceled'],
    ['repository!=https://example.com/o/r.git', 'running error canceled'],
    ['duration>=1m', 'completed error canceled'],
    ['duration>1m', ''],
    ['duration<1m', 'running'],
    ['startedAt>1m', 'running'],
    ['startedAt<=2m', 'completed error canceled'],
    ['completedAt>=1m', 'completed error canceled'],
    ['completedAt<2026-01-02T03:03:06Z', 'running completed error canceled'],
    ['completedAt<2026-01-02T04:03:05+01:00', 'running'],
  ] as const;
  for (const [filter, names] of rows) {
    it(`${filter} takes ${names || 'nothing'}`, () => assert.equal(matching(filter), names));
  }

  it('several have to match all', () => {
    assert.equal(matching('ref=a', 'status!=running', 'duration<2m'), 'completed error');
    assert.equal(matching(), 'running completed error canceled');
  });
});

// Texts of docker-buildx.
const wrong = [
  ['bad', 'invalid filter "bad"'],
  ['=x', 'unsupported filter "=x"'],
  ['name=x', 'unsupported filter "name=x"'],
  ['ref<x', 'invalid separator for "ref<x", expected = or !='],
  ['status>=x', 'invalid separator for "status>=x", expected = or !='],
  ['duration=1s', 'invalid separator for "duration=1s", expected <=, <, >= or >'],
  ['duration!=1s', 'invalid separator for "duration!=1s", expected <=, <, >= or >'],
  ['duration>x', 'invalid duration x'],
  ['startedAt>yesterday', 'invalid time yesterday'],
] as const;
for (const [filter, message] of wrong) {
  it(`refuses ${filter}`, () => {
    assert.throws(() => historyFilter([filter], now), { code: 'INVALID_ARGUMENT', message });
  });
}
