import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_SECRET_SIZE, type SecretReader, secretsAttachable } from '../../../../src/session/index.ts';
import { callPair } from '../../../support/call-pair.ts';

async function get(id: string, secrets: ReadonlyMap<string, SecretReader>): Promise<Buffer> {
  const [server, client] = callPair();
  const got: Uint8Array[] = [];
  client.onMessage = (message) => got.push(message);
  const handling = secretsAttachable({ secrets }).methods[0]?.handle(server);
  await client.send(Buffer.concat([Buffer.of(0x0a, id.length), Buffer.from(id)]));
  client.close();
  await handling;
  return Buffer.concat(got);
}

const bytes = (size: number): Map<string, SecretReader> =>
  new Map([['a', () => Promise.resolve(new Uint8Array(size))]]);

test('a secret is read each time that it is asked for, and not before', async () => {
  let count = 0;
  const secrets = new Map([['a', () => Promise.resolve(Buffer.from(`v${++count}`))]]);
  assert.equal(count, 0);
  assert.equal((await get('a', secrets)).toString('hex'), Buffer.from('\n\x02v1').toString('hex'));
  assert.equal((await get('a', secrets)).toString('hex'), Buffer.from('\n\x02v2').toString('hex'));
});

test('one that is not there is not found', async () => {
  await assert.rejects(get('b', bytes(1)), { status: 5, message: 'not found' });
});

test('the size has a limit', async () => {
  assert.ok((await get('a', bytes(MAX_SECRET_SIZE))).length > MAX_SECRET_SIZE);
  await assert.rejects(get('a', bytes(MAX_SECRET_SIZE + 1)), { status: 2, message: 'invalid secret size 512001' });
});
