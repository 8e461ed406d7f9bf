import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { TsbuildxError } from '../../../src/base/errors.ts';
import { type UpgradeRequest, upgradeDialer } from '../../../src/transport/index.ts';
import { duplexPair } from '../../support/duplex-pair.ts';

const { signal } = new AbortController();
const request: UpgradeRequest = { path: '/grpc', protocol: 'h2c', host: 'docker', where: 'the engine' };

/** Upgrades over a pair in memory; gives what was asked and the other end. */
function start(pieceBytes: number, more: Partial<UpgradeRequest> = {}): { dialed: Promise<Duplex>; daemon: Duplex } {
  const [near, daemon] = duplexPair(pieceBytes);
  return { dialed: upgradeDialer(async () => near, { ...request, ...more })({ signal }), daemon };
}

async function readHead(daemon: Duplex): Promise<string> {
  let text = '';
  for (;;) {
    const chunk: unknown = daemon.read();
    if (Buffer.isBuffer(chunk)) text += chunk.toString();
    else await once(daemon, 'readable');
    if (text.includes('\r\n\r\n')) return text;
  }
}

for (const pieceBytes of [1, 2, 64 * 1024]) {
  test(`keeps bytes that arrive with the answer, pieces of ${pieceBytes}`, async () => {
    const { dialed, daemon } = start(pieceBytes);
    await readHead(daemon);
    daemon.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nfirst ');
    daemon.write('second');
    const stream = await dialed;
    daemon.end();
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    assert.equal(text, 'first second');
  });

  test(`carries the engine's message when it refuses, pieces of ${pieceBytes}`, async () => {
    const { dialed, daemon } = start(pieceBytes);
    await readHead(daemon);
    const body = '{"message":"no such thing"}\n';
    daemon.write(`HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await assert.rejects(dialed, {
      code: 'ENGINE_FAILED',
      message: 'the engine refused POST /grpc: no such thing (HTTP status 404)',
    });
  });

  test(`reads a chunked refusal, pieces of ${pieceBytes}`, async () => {
    const { dialed, daemon } = start(pieceBytes);
    await readHead(daemon);
    daemon.write('HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnot \r\n3\r\nnow\r\n0\r\n\r\n');
    await assert.rejects(dialed, /refused POST \/grpc: not now \(HTTP status 500\)/);
  });
}

test('sends the request with its headers in order and its body', async () => {
  const { dialed, daemon } = start(64 * 1024, {
    headers: [
      ['X-A', '1'],
      ['X-B', 'ä'],
      ['X-A', '2'],
    ],
    body: '{"a":1}',
  });
  const head = await readHead(daemon);
  assert.equal(
    head,
    'POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Type: application/json\r\n' +
      'Content-Length: 7\r\nX-A: 1\r\nX-B: ä\r\nX-A: 2\r\n\r\n{"a":1}',
  );
  daemon.write('HTTP/1.1 101 UPGRADED\r\n\r\n');
  (await dialed).destroy();
});

test('refuses headers that would end early', async () => {
  const { dialed } = start(1, { headers: [['X-A', 'a\r\nX-B: b']] });
  await assert.rejects(dialed, { code: 'INVALID_ARGUMENT' });
});

test('a peer that does not speak HTTP is a PROTOCOL error', async () => {
  const { dialed, daemon } = start(64 * 1024);
  await readHead(daemon);
  daemon.write('\x15\x03\x01\x00\x02\x02\x46\r\n\r\n');
  await assert.rejects(dialed, { code: 'PROTOCOL' });
});

test('a refusal with an empty body in chunks is not waited for', async () => {
  const { dialed, daemon } = start(64 * 1024);
  await readHead(daemon);
  daemon.write('HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
  await assert.rejects(dialed, { code: 'ENGINE_FAILED', message: /HTTP status 503$/ });
});

test('an endless head is not collected', async () => {
  const { dialed, daemon } = start(64 * 1024);
  await readHead(daemon);
  daemon.write(`HTTP/1.1 101 X\r\nA: ${'x'.repeat(200_000)}`);
  await assert.rejects(dialed, { code: 'PROTOCOL' });
});

test('a peer that hangs up is a TRANSPORT error', async () => {
  for (const said of ['', 'HTTP/1.1 101 Switch']) {
    const { dialed, daemon } = start(64 * 1024);
    await readHead(daemon);
    daemon.end(said);
    await assert.rejects(dialed, (error) => error instanceof TsbuildxError && error.code === 'TRANSPORT');
  }
});

test('aborting closes the connection', async () => {
  const controller = new AbortController();
  const [near, daemon] = duplexPair();
  const dialed = upgradeDialer(async () => near, request)({ signal: controller.signal });
  await readHead(daemon);
  controller.abort();
  await assert.rejects(dialed, { code: 'CANCELED' });
  assert.ok(near.destroyed);
});

test('gives up an engine that takes the connection and does not answer', async () => {
  const { dialed, daemon } = start(1024, { answerMs: 20 });
  await assert.rejects(dialed, {
    code: 'TRANSPORT',
    message: 'connection to the engine lost: no answer to POST /grpc for 0.02 seconds',
  });
  daemon.destroy();
});

test('an answer in time ends the wait for it', async () => {
  const { dialed, daemon } = start(1024, { answerMs: 20 });
  daemon.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  const stream = await dialed;
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.equal(stream.destroyed, false);
  daemon.destroy();
});
