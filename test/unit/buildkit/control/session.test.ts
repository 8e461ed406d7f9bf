import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { test } from 'node:test';
import { BytesReader, bytesPrefix } from '../../../../src/buildkit/control/bytes-reader.ts';
import { controlSessionDialer, type SessionHeaders } from '../../../../src/buildkit/control/index.ts';
import { createRpcClient, type RpcClient } from '../../../../src/buildkit/rpc/index.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

const { signal } = new AbortController();
const headers: SessionHeaders = {
  id: 'id1',
  name: 'name1',
  sharedKey: 'käy',
  methods: ['/grpc.health.v1.Health/Check', '/moby.filesync.v1.FileSync/DiffCopy'],
};

interface Daemon {
  readonly rpc: RpcClient;
  readonly call: Promise<{ stream: ServerHttp2Stream; headers: IncomingHttpHeaders; raw: string[] }>;
  readonly end: Duplex;
}

async function withDaemon(pieceBytes: number, use: (daemon: Daemon) => Promise<void>): Promise<void> {
  const [near, far] = duplexPair(pieceBytes);
  await using rpc = createRpcClient(async () => near, { endpoint: 'unix:///b.sock' });
  const session: ServerHttp2Session = performServerHandshake(far);
  session.on('error', () => undefined);
  const opened = Promise.withResolvers<Awaited<Daemon['call']>>();
  session.on('stream', (stream: ServerHttp2Stream, received: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    stream.on('error', () => undefined);
    opened.resolve({ stream, headers: received, raw });
  });
  await use({ rpc, call: opened.promise, end: far });
  far.destroy();
}

test('presents the session in headers, one for each method', async () => {
  await withDaemon(64 * 1024, async ({ rpc, call }) => {
    const stream = await controlSessionDialer(rpc)(headers, { signal });
    const { headers: received, raw } = await call;
    assert.equal(received[':path'], '/moby.buildkit.v1.Control/Session');
    assert.equal(received['content-type'], 'application/grpc');
    assert.equal(received['x-docker-expose-session-uuid'], 'id1');
    assert.equal(received['x-docker-expose-session-name'], 'name1');
    assert.match(String(received['x-docker-expose-session-sharedkey']), /^[0-9a-f]{64}$/);
    const methods = raw.filter((_value, i) => raw[i - 1] === 'x-docker-expose-session-grpc-method');
    assert.deepEqual(methods, headers.methods);
    stream.destroy();
  });
});

for (const pieceBytes of [1, 2, 64 * 1024]) {
  test(`carries bytes both ways and ends both ways, pieces of ${pieceBytes}`, async () => {
    await withDaemon(pieceBytes, async ({ rpc, call }) => {
      const stream = await controlSessionDialer(rpc)(headers, { signal });
      const total = pieceBytes === 64 * 1024 ? 5_000_000 : 5000;
      const sent = Buffer.alloc(total, 'abcdefg');
      for (let at = 0; at < total; at += 1000) stream.write(sent.subarray(at, at + 1000));
      stream.end();

      const { stream: far } = await call;
      far.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      far.on('wantTrailers', () => far.sendTrailers({ 'grpc-status': '0' }));
      const reader = new BytesReader();
      const got: Buffer[] = [];
      far.on('data', (chunk: Buffer) => got.push(...reader.push(chunk)));
      await once(far, 'end');
      assert.ok(Buffer.concat(got).equals(sent));

      far.write(Buffer.concat([bytesPrefix(total), sent]));
      far.end();
      const back: Buffer[] = [];
      for await (const chunk of stream) back.push(chunk);
      assert.ok(Buffer.concat(back).equals(sent));
    });
  });
}

test('writers are held back while the daemon does not read', async () => {
  await withDaemon(64 * 1024, async ({ rpc, call }) => {
    const stream = await controlSessionDialer(rpc)(headers, { signal });
    const { stream: far } = await call;
    const block = Buffer.alloc(256 * 1024);
    let blocks = 0;
    while (stream.write(block)) blocks += 1;
    assert.ok(blocks < 16, `${blocks} blocks were taken`);
    const drained = once(stream, 'drain');
    far.resume();
    await drained;
    stream.destroy();
  });
});

test('a daemon that refuses is an error with its text', async () => {
  await withDaemon(64 * 1024, async ({ rpc, call }) => {
    const stream = await controlSessionDialer(rpc)(headers, { signal });
    const { stream: far } = await call;
    far.respond({ ':status': 200, 'grpc-status': '12', 'grpc-message': 'unknown method%3A x' }, { endStream: true });
    const [error] = await once(stream, 'error');
    assert.equal(error.code, 'TRANSPORT');
    assert.equal(error.message, 'session with unix:///b.sock lost: unknown method: x (gRPC status 12)');
  });
});

test('a connection that is lost ends the session with an error', async () => {
  await withDaemon(64 * 1024, async ({ rpc, call, end }) => {
    const stream = await controlSessionDialer(rpc)(headers, { signal });
    await call;
    const failed = once(stream, 'error');
    end.destroy();
    const [error] = await failed;
    assert.equal(error.code, 'TRANSPORT');
    assert.match(error.message, /unix:\/\/\/b\.sock lost/);
  });
});

test('destroying the stream resets the call', async () => {
  await withDaemon(64 * 1024, async ({ rpc, call }) => {
    const stream = await controlSessionDialer(rpc)(headers, { signal });
    const { stream: far } = await call;
    const closed = once(far, 'close');
    stream.destroy();
    await closed;
    assert.equal(far.rstCode, 8);
  });
});
