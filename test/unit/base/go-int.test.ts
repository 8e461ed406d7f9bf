import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGoInt, parseGoUint } from '../../../src/base/go-int.ts';

test('signed numbers keep to their bits', () => {
  assert.equal(parseGoInt('-2147483648', 32), -2147483648);
  assert.equal(parseGoInt('+007', 32), 7);
  for (const text of ['', '1_000', '0x1', ' 1', '1.0', 'x']) {
    assert.throws(() => parseGoInt(text, 32), { message: `strconv.ParseInt: parsing "${text}": invalid syntax` });
  }
  assert.throws(() => parseGoInt('2147483648', 32), {
    message: 'strconv.ParseInt: parsing "2147483648": value out of range',
  });
});

test('unsigned numbers keep to base and bits', () => {
  assert.equal(parseGoUint('0755', 8, 32), 0o755);
  assert.equal(parseGoUint('4294967295', 10, 32), 4294967295);
  for (const text of ['', '-1', '+1', '8', '1 ']) assert.equal(parseGoUint(text, 8, 32), undefined, text);
  assert.equal(parseGoUint('4294967296', 10, 32), undefined);
});
