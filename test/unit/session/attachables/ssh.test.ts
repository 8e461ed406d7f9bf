import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Metadata, socketAgent, type SshAgent, sshAttachable } from '../../../../src/session/index.ts';
import { encodeBytesMessage } from '../../../../src/session/attachables/ssh-codec.ts';
import { decodeBytesMessage } from '../../../../src/session/attachables/bytes-message.ts';
import { framed } from '../../../../src/session/ssh-agent/message-frames.ts';
import { callPair } from '../../../support/call-pair.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

/** Echoes what it is asked; keeps what it was asked. */
function echoAgent(asked: number[][] = []): SshAgent {
  const ask = (request: Uint8Array): Promise<Uint8Array> => {
    asked.push([...request]);
    return Promise.resolve(request);
  };
  return { connect: () => Promise.resolve({ ask, [Symbol.dispose]: () => {} }) };
}

interface Forwarding {
  readonly agents: ReadonlyMap<string, SshAgent>;
  readonly metadata?: Metadata;
  readonly chunks: readonly Uint8Array[];
}

/** What a step gets back, and what the user is told. */
async function forward({ agents, metadata = [], chunks }: Forwarding): Promise<{ got: string; warnings: string[] }> {
  const [server, client] = callPair(metadata);
  const got: Uint8Array[] = [];
  client.onMessage = (message) => got.push(decodeBytesMessage(message));
  const warnings: string[] = [];
  const { methods } = sshAttachable({ agents, onWarning: (message) => warnings.push(message) });
  const handling = methods[1]?.handle(server);
  for (const chunk of chunks) await client.send(encodeBytesMessage(chunk));
  client.close();
  try {
    await handling;
  } catch (error) {
    warnings.push(String(error));
  }
  return { got: Buffer.concat(got).toString('hex'), warnings };
}

async function check(id: string, agents: ReadonlyMap<string, SshAgent>): Promise<void> {
  const [server, client] = callPair();
  const handling = sshAttachable({ agents, onWarning: assert.fail }).methods[0]?.handle(server);
  await client.send(Buffer.concat([Buffer.of(0x0a, id.length), Buffer.from(id)]));
  client.close();
  await handling;
}

test('only listing and signing reach the agent, whatever the pieces are', async () => {
  const asked: number[][] = [];
  const agents = new Map([['default', echoAgent(asked)]]);
  const requests = [[11], [13, 1], [17, 1], [19], [22], [25], [27, 9], [1], [11]];
  const stream = Buffer.concat(requests.map((request) => framed(Buffer.from(request))));
  for (const size of [1, 7, stream.length]) {
    asked.length = 0;
    const chunks: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size));
    const { got, warnings } = await forward({ agents, chunks });
    const failure = '0000000105';
    assert.equal(got, `000000010b000000020d01${failure.repeat(6)}000000010b`);
    assert.deepEqual(asked, [[11], [13, 1], [11]]);
    assert.deepEqual(warnings, []);
  }
});

test('the header names the agent; without one it is the default', async () => {
  const agents = new Map([['other', echoAgent()]]);
  const chunks = [framed(Buffer.of(11))];
  const { got } = await forward({ agents, chunks, metadata: [['buildkit.ssh.id', 'other']] });
  assert.equal(got, '000000010b');
  const { warnings } = await forward({ agents, chunks });
  assert.deepEqual(warnings, ['CallError: unset ssh forward key default']);
});

test('an agent that is not there is told as such', async () => {
  const agents = new Map([['default', echoAgent()]]);
  await check('', agents);
  await check('default', agents);
  await assert.rejects(check('zz', agents), { status: 2, message: 'unset ssh forward key zz' });
  await assert.rejects(check('', new Map()), { message: 'unset ssh forward key default' });
});

test('the user hears of an agent that cannot be reached, and of a step that speaks no agent protocol', async () => {
  const dead: SshAgent = { connect: () => Promise.reject(new Error('connection refused')) };
  const refused = await forward({ agents: new Map([['default', dead]]), chunks: [framed(Buffer.of(11))] });
  assert.equal(refused.warnings[0], 'SSH agent default: connection refused');
  const chunks = [Buffer.from('GET / HTTP/1.1\r\n')];
  const { got, warnings } = await forward({ agents: new Map([['default', echoAgent()]]), chunks });
  assert.equal(got, '');
  assert.match(warnings[0] ?? '', /^SSH agent default: a message to or from an SSH agent has 1195725856 bytes$/);
});

test('a step that is given up does not wait for an agent that waits for its user', async () => {
  const [ours, theirs] = duplexPair();
  const agents = new Map([['default', socketAgent(() => Promise.resolve(ours))]]);
  const [server, client] = callPair();
  const handling = sshAttachable({ agents, onWarning: assert.fail }).methods[1]?.handle(server);
  theirs.once('data', () => client.cancel());
  await client.send(encodeBytesMessage(framed(Buffer.of(11))));
  await assert.rejects(handling ?? Promise.resolve(), { code: 'TRANSPORT' });
  assert.ok(ours.destroyed);
});
