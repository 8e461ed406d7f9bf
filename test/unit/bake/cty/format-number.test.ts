import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addNumbers,
  BigFloat,
  divideNumbers,
  formatNumber,
  multiplyNumbers,
  parseNumber,
  remainderOf,
  subtractNumbers,
} from '../../../../src/bake/cty/index.ts';

function number(text: string): BigFloat {
  const value = parseNumber(text);
  assert.ok(value !== undefined, `${text} is a number`);
  return value;
}

test('numbers are written with the fewest digits that read back the same', () => {
  for (const text of ['0', '-0', '0.1', '1.005', '99999999999999999999.99999999999999999999', '9007199254740993'])
    assert.equal(formatNumber(number(text)), text);
  assert.equal(formatNumber(number('1e21')), '1000000000000000000000');
  assert.equal(formatNumber(number('1.0')), '1');
  assert.equal(formatNumber(number('1p-2')), '0.25');
  assert.equal(formatNumber(number('1e2147480000')), '+Inf');
});

test('arithmetic keeps 512 bits and rounds to nearest even', () => {
  const [one, three] = [number('1'), number('3')];
  assert.equal(formatNumber(divideNumbers(one, three)), `0.${'3'.repeat(154)}5`);
  assert.equal(formatNumber(multiplyNumbers(divideNumbers(one, three), three)), '1');
  assert.equal(formatNumber(addNumbers(number('0.1'), number('0.2'))), '0.3');
  assert.equal(formatNumber(subtractNumbers(one, number('0.9'))), `0.1${'0'.repeat(153)}3`);
  assert.equal(formatNumber(remainderOf(number('-5.5'), number('2'))), '-1.5');
  assert.equal(formatNumber(remainderOf(number('5'), number('0'))), '5');
});

test('a float64 is exact and marks what it is added to', () => {
  assert.equal(formatNumber(BigFloat.fromNumber(1.1)), '1.1');
  assert.equal(
    formatNumber(addNumbers(BigFloat.fromNumber(1.1), number('0.2'))),
    '1.300000000000000088817841970012523233890533447265625',
  );
});

test('styles with and without a precision', () => {
  assert.equal(formatNumber(number('1e21'), 'g'), '1e+21');
  assert.equal(formatNumber(number('12345.678'), 'e', 6), '1.234568e+04');
  assert.equal(formatNumber(number('1.005'), 'f', 2), '1.00');
  assert.equal(formatNumber(number('0.00001'), 'g'), '1e-05');
  assert.equal(formatNumber(number('100'), 'g', 2), '1e+02');
});

test('a number whose digits would fill the memory is refused', () => {
  assert.throws(() => formatNumber(number('1e500000000')), /too many digits/);
  assert.throws(() => formatNumber(number('1e-500000000')), /too many digits/);
});

test('what is no number', () => {
  for (const text of ['', '.', 'x', '1_000', '0x10', ' 5', '5 ', '1e', '1.2.3', '1e99999999999999999999'])
    assert.equal(parseNumber(text), undefined, text);
});
