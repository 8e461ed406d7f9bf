import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { socketAgent } from '../../../../src/session/index.ts';
import type { SshAgentConnection } from '../../../../src/session/ssh-agent/agent.ts';
import { framed } from '../../../../src/session/ssh-agent/message-frames.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

const { signal } = new AbortController();

async function connected(pieceBytes?: number): Promise<[SshAgentConnection, Duplex]> {
  const [ours, theirs] = duplexPair(pieceBytes);
  return [await socketAgent(() => Promise.resolve(ours)).connect({ signal }), theirs];
}

test('asks and gets the answer, in whatever pieces', async () => {
  const [connection, agent] = await connected(1);
  const seen: number[] = [];
  agent.on('data', (data: Buffer) => {
    seen.push(...data);
    if (seen.length % 5 === 0) agent.write(framed(Buffer.from('answer')));
  });
  for (const request of [11, 13])
    assert.equal(Buffer.from(await connection.ask(Buffer.of(request))).toString(), 'answer');
  assert.deepEqual(seen, [0, 0, 0, 1, 11, 0, 0, 0, 1, 13]);
});

test('an agent that goes away fails the request, and those after it', async () => {
  const [connection, agent] = await connected();
  const asked = connection.ask(Buffer.of(11));
  agent.destroy();
  const failure = { code: 'TRANSPORT', message: /^the SSH agent failed: / };
  await assert.rejects(asked, failure);
  await assert.rejects(connection.ask(Buffer.of(11)), failure);
});

test('an answer that is too large, or not asked for, ends the connection', async () => {
  for (const answer of [Buffer.from('7fffffff', 'hex'), Buffer.concat([framed(Buffer.of(5)), framed(Buffer.of(5))])]) {
    const [connection, agent] = await connected();
    agent.on('data', () => agent.write(answer));
    await connection.ask(Buffer.of(11)).catch(() => undefined);
    await assert.rejects(connection.ask(Buffer.of(11)), { code: 'TRANSPORT' });
  }
});
