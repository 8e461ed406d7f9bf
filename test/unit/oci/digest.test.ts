import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestFault, parseDigest } from '../../../src/oci/index.ts';

const faults: readonly (readonly [text: string, fault: string | undefined])[] = [
  [`sha256:${'a'.repeat(64)}`, undefined],
  [`sha512:${'0'.repeat(128)}`, undefined],
  [`sha256:${'A'.repeat(64)}`, 'invalid checksum digest format'],
  [`sha256:${'a'.repeat(63)}`, 'invalid checksum digest length'],
  ['sha256:!', 'invalid checksum digest length'],
  ['sha256:', 'invalid checksum digest format'],
  ['', 'invalid checksum digest format'],
  [':abc', 'invalid checksum digest format'],
  ['md5:abc', 'unsupported digest algorithm'],
  ['md5:a b', 'invalid checksum digest format'],
];

for (const [text, fault] of faults) {
  test(`${JSON.stringify(text.slice(0, 20))}: ${fault ?? 'a digest'}`, () => assert.equal(digestFault(text), fault));
}

test('what is no digest is refused', () => {
  assert.throws(() => parseDigest('md5:abc'), { code: 'INVALID_ARGUMENT', message: 'unsupported digest algorithm' });
});
