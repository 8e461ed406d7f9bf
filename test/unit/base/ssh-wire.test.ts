import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sshInteger, SshReader, sshString } from '../../../src/base/ssh-wire.ts';

// RFC 4251, 5
const integers: readonly [bytes: string, written: string][] = [
  ['', '00000000'],
  ['0000', '00000000'],
  ['09a378f9b2e332a7', '0000000809a378f9b2e332a7'],
  ['0009a378f9b2e332a7', '0000000809a378f9b2e332a7'],
  ['80', '000000020080'],
];

for (const [bytes, written] of integers) {
  test(`the integer 0x${bytes}`, () => assert.equal(sshInteger(Buffer.from(bytes, 'hex')).toString('hex'), written));
}

test('a string comes back as it went', () => {
  const reader = new SshReader(Buffer.concat([sshString('é'), sshString(Buffer.of(0, 1))]));
  assert.deepEqual([reader.string().toString(), [...reader.string()]], ['é', [0, 1]]);
});

test('what ends too early is refused', () => {
  for (const hex of ['', '000000', '00000001', 'ffffffff00']) {
    assert.throws(() => new SshReader(Buffer.from(hex, 'hex')).string(), { code: 'PROTOCOL' }, hex);
  }
});
