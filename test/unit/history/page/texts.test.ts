import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisTimes } from '../../../../src/history/page/axis.ts';
import { dateText, sizeText, timeText } from '../../../../src/history/page/texts.ts';

test('times', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0 s'],
    [0.03, '30 µs'],
    [0.4, '0.4 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [999, '999 ms'],
    [999.6, '1.00 s'],
    [9994, '9.99 s'],
    [12_345, '12.3 s'],
    [59_960, '1m 00s'],
    [187_000, '3m 07s'],
    [3_720_000, '1h 02m'],
    [-1500, '−1.50 s'],
  ];
  for (const [ms, text] of cases) assert.equal(timeText(ms), text);
});

test('sizes', () => {
  assert.deepEqual([0, 999, 1000, 4_200_000, 123_456_789, 5e15].map(sizeText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '4.2 MB',
    '123 MB',
    '5000 TB',
  ]);
});

test('dates', () => {
  assert.equal(dateText(Date.UTC(2026, 10, 26, 17, 12, 5, 999)), '2026-11-26 17:12:05 UTC');
  assert.equal(dateText(Number.NaN), '');
});

test('an axis has round times, not too many, whatever its length', () => {
  assert.deepEqual(axisTimes(0, 6170, 6), [0, 2000, 4000, 6000]);
  assert.deepEqual(axisTimes(150, 420, 3), [200, 300, 400]);
  for (const span of [0.002, 0.4, 12, 999, 59_000, 3_600_000, 86_400_000, 9e9]) {
    const times = axisTimes(0, span, 6);
    assert.ok(times.length >= 1 && times.length <= 7, `${span}: ${times.length}`);
  }
});
