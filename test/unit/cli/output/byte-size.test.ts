import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binarySize, decimalSize } from '../../../../src/cli/output/byte-size.ts';

const sizes: readonly [bytes: bigint, text: string][] = [
  [1n, '1B'],
  [1023n, '1023B'],
  [1024n, '1KiB'],
  [1088n, '1.062KiB'],
  [1_048_575n, '1024KiB'],
  [512n << 20n, '512MiB'],
  [3_592_570_859n, '3.346GiB'],
  [202_000_000_000n, '188.1GiB'],
  [1n << 62n, '4EiB'],
];

for (const [bytes, text] of sizes) {
  test(`${bytes} bytes are ${text}`, () => assert.equal(binarySize(bytes), text));
}

const decimal: readonly [bytes: bigint, text: string][] = [
  [0n, '0B'],
  [999n, '999B'],
  [4096n, '4.096kB'],
  [8346n, '8.346kB'],
  [999_960n, '1000kB'],
  [3_011_456n, '3.011MB'],
  [202_000_000_000n, '202GB'],
];

for (const [bytes, text] of decimal) {
  test(`${bytes} bytes are ${text}`, () => assert.equal(decimalSize(bytes), text));
}
