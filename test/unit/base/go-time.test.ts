import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoTime } from '../../../src/base/go-time.ts';

const times: readonly [unixNano: bigint, text: string][] = [
  [0n, '1970-01-01 00:00:00 +0000 UTC'],
  [1_764_000_000_123_456_789n, '2025-11-24 16:00:00.123456789 +0000 UTC'],
  [1_764_000_000_120_000_000n, '2025-11-24 16:00:00.12 +0000 UTC'],
  [-1n, '1969-12-31 23:59:59.999999999 +0000 UTC'],
];

for (const [unixNano, text] of times) {
  test(`${unixNano} is ${text}`, () => assert.equal(formatGoTime(unixNano), text));
}

test('a time beyond all calendars is no failure', () => {
  assert.match(formatGoTime(1n << 90n), /UTC$/);
  assert.match(formatGoTime(-(1n << 90n)), /UTC$/);
});
