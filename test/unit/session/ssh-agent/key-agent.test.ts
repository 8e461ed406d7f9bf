import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SshReader, sshString, uint32 } from '../../../../src/base/ssh-wire.ts';
import { keyAgent } from '../../../../src/session/index.ts';
import type { SshKey } from '../../../../src/transport/index.ts';

const { signal } = new AbortController();

function key(name: string): SshKey {
  return {
    publicKey: Buffer.from(name),
    sign: (data, flags) => Buffer.from(`${name}:${String(Buffer.from(data))}:${flags}`),
  };
}

async function ask(request: Uint8Array, keys = [key('one'), key('two')]): Promise<Buffer> {
  using connection = await keyAgent(keys).connect({ signal });
  return Buffer.from(await connection.ask(request));
}

function signRequest(name: string, data: string, flags: number): Buffer {
  return Buffer.concat([Buffer.of(13), sshString(name), sshString(data), uint32(flags)]);
}

test('lists its keys in order, without comments', async () => {
  const reader = new SshReader(await ask(Buffer.of(11)));
  assert.deepEqual([reader.byte(), reader.uint32()], [12, 2]);
  const texts = [reader.string(), reader.string(), reader.string(), reader.string()].map(String);
  assert.deepEqual(texts, ['one', '', 'two', '']);
});

test('signs with the key that is asked for', async () => {
  const reader = new SshReader(await ask(signRequest('two', 'data', 4)));
  assert.equal(reader.byte(), 14);
  assert.equal(String(reader.string()), 'two:data:4');
});

const failing: readonly [what: string, request: Buffer][] = [
  ['a key that it does not have', signRequest('three', 'data', 0)],
  ['a request that ends too early', signRequest('two', 'data', 0).subarray(0, -1)],
  ['adding a key', Buffer.concat([Buffer.of(17), sshString('ssh-ed25519')])],
  ['an extension', Buffer.concat([Buffer.of(27), sshString('session-bind@openssh.com')])],
];

for (const [what, request] of failing) {
  test(`fails on ${what}`, async () => assert.deepEqual([...(await ask(request))], [5]));
}

test('a key that cannot sign fails, and others go on', async () => {
  const broken: SshKey = {
    publicKey: Buffer.from('broken'),
    sign: () => {
      throw new Error('not allowed');
    },
  };
  const keys = [broken, key('one')];
  assert.deepEqual([...(await ask(signRequest('broken', 'data', 0), keys))], [5]);
  assert.equal((await ask(signRequest('one', 'data', 0), keys))[0], 14);
});
