import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoDuration, parseGoDuration } from '../../../src/base/go-duration.ts';

const durations: readonly [text: string, nanoseconds: bigint][] = [
  ['0', 0n],
  ['0s', 0n],
  ['5s', 5_000_000_000n],
  ['-1.5h', -5_400_000_000_000n],
  ['+1m30s', 90_000_000_000n],
  ['.5ms', 500_000n],
  ['1.us', 1_000n],
  ['1µs', 1_000n],
  ['1μs', 1_000n],
  ['1h1m1s1ms1us1ns', 3_661_001_001_001n],
  ['0.3333333333333333333h', 1_200_000_000_000n],
  ['9223372036854775807ns', 9223372036854775807n],
  ['-9223372036854775808ns', -9223372036854775808n],
];

for (const [text, nanoseconds] of durations) {
  test(`${text} is ${nanoseconds} ns`, () => assert.equal(parseGoDuration(text), nanoseconds));
}

const faults: readonly [text: string, message: string][] = [
  ['', 'time: invalid duration ""'],
  ['3', 'time: missing unit in duration "3"'],
  ['-', 'time: invalid duration "-"'],
  ['s', 'time: invalid duration "s"'],
  ['.s', 'time: invalid duration ".s"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['1s 2s', 'time: unknown unit "s " in duration "1s 2s"'],
  ['"é"', 'time: invalid duration "\\"\\xc3\\xa9\\""'],
  ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
  ['3000000h', 'time: invalid duration "3000000h"'],
];

for (const [text, message] of faults) {
  test(`${JSON.stringify(text)} is no duration`, () => {
    assert.throws(() => parseGoDuration(text), { code: 'INVALID_ARGUMENT', message });
  });
}

const printed: readonly [nanoseconds: bigint, text: string][] = [
  [0n, '0s'],
  [1n, '1ns'],
  [1_100n, '1.1µs'],
  [2_200_000n, '2.2ms'],
  [3_300_000_000n, '3.3s'],
  [245_000_000_000n, '4m5s'],
  [245_001_000_000n, '4m5.001s'],
  [172_800_000_000_000n, '48h0m0s'],
  [18_367_001_000_000n, '5h6m7.001s'],
  [480_000_000_001n, '8m0.000000001s'],
  [9223372036854775807n, '2562047h47m16.854775807s'],
  [-1_500_000_000n, '-1.5s'],
];

for (const [nanoseconds, text] of printed) {
  test(`${nanoseconds} ns is ${text}`, () => assert.equal(formatGoDuration(nanoseconds), text));
}
