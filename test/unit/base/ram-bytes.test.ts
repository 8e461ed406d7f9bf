import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRamBytes } from '../../../src/base/ram-bytes.ts';

const sizes: readonly [text: string, bytes: number][] = [
  ['0', 0],
  ['32', 32],
  ['32b', 32],
  ['1k', 1024],
  ['1K', 1024],
  ['64m', 64 << 20],
  ['64MB', 64 << 20],
  ['64MiB', 64 << 20],
  ['1.5g', 1.5 * 2 ** 30],
  ['1 GiB', 2 ** 30],
  ['.5k', 512],
  ['2t', 2 * 2 ** 40],
  ['1p', 2 ** 50],
];

for (const [text, bytes] of sizes) test(`${text} is ${bytes} bytes`, () => assert.equal(parseRamBytes(text), bytes));

const errors: readonly [text: string, message: string][] = [
  ['xx', "invalid size: 'xx'"],
  ['', "invalid size: ''"],
  ['1x', "invalid suffix: 'x'"],
  ['1bb', "invalid suffix: 'bb'"],
  ['1kx', "invalid suffix: 'kx'"],
  ['1Gibs', "invalid suffix: 'Gibs'"],
  ['-1m', "invalid size: '-1m'"],
  ['1.2.3m', 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
];

for (const [text, message] of errors) {
  test(`${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => parseRamBytes(text), { code: 'INVALID_ARGUMENT', message });
  });
}
