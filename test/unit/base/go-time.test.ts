import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoTime, goTimeJson, parseGoTime, utcTime } from '../../../src/base/go-time.ts';

const times: readonly [unixNano: bigint, text: string][] = [
  [0n, '1970-01-01 00:00:00 +0000 UTC'],
  [1_764_000_000_123_456_789n, '2025-11-24 16:00:00.123456789 +0000 UTC'],
  [1_764_000_000_120_000_000n, '2025-11-24 16:00:00.12 +0000 UTC'],
  [-1n, '1969-12-31 23:59:59.999999999 +0000 UTC'],
];

for (const [unixNano, text] of times) {
  test(`${unixNano} is ${text}`, () => assert.equal(formatGoTime(utcTime(unixNano)), text));
}

test('a time beyond all calendars is no failure', () => {
  assert.match(formatGoTime(utcTime(1n << 90n)), /UTC$/);
  assert.match(formatGoTime(utcTime(-(1n << 90n))), /UTC$/);
});

// What Go prints for time.Parse(time.RFC3339, …), and its JSON.
const parsed: readonly [text: string, printed: string, json?: string][] = [
  ['2025-11-24T16:00:00Z', '2025-11-24 16:00:00 +0000 UTC'],
  ['2025-11-24T16:00:00.120Z', '2025-11-24 16:00:00.12 +0000 UTC', '2025-11-24T16:00:00.12Z'],
  ['2025-11-24T6:00:00,5Z', '2025-11-24 06:00:00.5 +0000 UTC', '2025-11-24T06:00:00.5Z'],
  [
    '2025-11-24T16:00:00.123456789123+05:30',
    '2025-11-24 16:00:00.123456789 +0530 +0530',
    '2025-11-24T16:00:00.123456789+05:30',
  ],
  ['2024-02-29T23:59:59-07:00', '2024-02-29 23:59:59 -0700 -0700'],
  ['0001-01-01T00:00:00Z', '0001-01-01 00:00:00 +0000 UTC'],
];

for (const [text, printed, json = text] of parsed) {
  test(`${text} is read`, () => {
    const time = parseGoTime(text);
    assert.ok(time);
    assert.deepEqual([formatGoTime(time), goTimeJson(time)], [printed, json]);
  });
}

for (const text of [
  '',
  '2025-11-24',
  '2025-02-29T00:00:00Z',
  '2025-11-24T24:00:00Z',
  '2025-11-24T16:60:00Z',
  '2025-11-24T16:00:00',
  '2025-11-24T16:00:00+25:00',
  ' 2025-11-24T16:00:00Z',
  '2025-11-24 16:00:00Z',
]) {
  test(`${JSON.stringify(text)} is no time`, () => assert.equal(parseGoTime(text), undefined));
}
