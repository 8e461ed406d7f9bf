import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { connect as dial, createServer } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { test } from 'node:test';
import {
  type Attachable,
  CallError,
  createSession,
  GrpcStatus,
  messages,
  metadataValues,
  type ServerCall,
  type SessionHost,
  unaryMethod,
} from '../../../src/session/index.ts';
import { currentSpan, type FinishedSpan, inSpan, samplerOf, Trace } from '../../../src/tracing/index.ts';

function sessionOf(...attachables: Attachable[]): SessionHost {
  return createSession({ id: 'id', name: 'name', sharedKey: 'key', attachables });
}

function methodOf(handle: (call: ServerCall) => Promise<void>): Attachable {
  return { methods: [{ path: '/t.T/Call', handle }] };
}

interface Connected {
  readonly client: http2.ClientHttp2Session;
  readonly serverSide: Duplex;
  readonly served: Promise<void>;
}

function connect(host: SessionHost, options: http2.ClientSessionOptions = {}): Connected {
  const [clientSide, serverSide] = duplexPair();
  const served = host.serve(serverSide);
  const client = http2.connect('http://localhost', { ...options, createConnection: () => clientSide });
  return { client, serverSide, served };
}

function frame(message: string | Uint8Array): Buffer {
  const bytes = Buffer.from(message);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

interface Answer {
  readonly headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader;
  readonly trailers: http2.IncomingHttpHeaders;
  readonly messages: readonly Buffer[];
}

/** Sends the messages one write each, and collects the answer. */
async function call(
  client: http2.ClientHttp2Session,
  path: string,
  sent: readonly Buffer[],
  headers: http2.OutgoingHttpHeaders = {},
): Promise<Answer> {
  const request = client.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  const received: Buffer[] = [];
  let responded: Answer['headers'] = {};
  let trailers: http2.IncomingHttpHeaders = {};
  request.on('response', (fields) => {
    responded = fields;
  });
  request.on('trailers', (fields) => {
    trailers = fields;
  });
  request.on('data', (chunk: Buffer) => received.push(chunk));
  for (const message of sent) request.write(message);
  request.end();
  await new Promise((resolve, reject) => request.once('error', reject).once('close', resolve));
  const bytes = Buffer.concat(received);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 1);
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return { headers: responded, trailers, messages: parts };
}

const echo = methodOf(async (call) => {
  for await (const message of messages(call)) await call.send(message.slice());
});

void test('the health check is always served and advertised', async () => {
  await using host = sessionOf();
  assert.deepEqual(host.methods, ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch']);
  const { client } = connect(host);
  const answer = await call(client, '/grpc.health.v1.Health/Check', [frame('')]);
  assert.deepEqual(answer.messages, [Buffer.of(8, 1)]);
  assert.equal(answer.headers[':status'], 200);
  assert.equal(answer.headers['content-type'], 'application/grpc');
  assert.equal(answer.trailers['grpc-status'], '0');
});

void test('only what is attached is advertised and served', async () => {
  await using host = sessionOf(echo);
  assert.ok(host.methods.includes('/t.T/Call'));
  const { client } = connect(host);
  const answer = await call(client, '/t.T/Other', [frame('')]);
  assert.equal(answer.headers['grpc-status'], '12');
  const notGrpc = await call(client, '/t.T/Call', [], { 'content-type': 'text/html' });
  assert.equal(notGrpc.headers[':status'], 415);
});

void test('messages of every size go both ways, in order', async () => {
  await using host = sessionOf(echo);
  const { client } = connect(host);
  const sizes = [0, 1, 5, 16_383, 16_384, 16_385, 70_000, 65_536, 65_537, 1_000_000, 6_000_000];
  const sent = sizes.map((size, i) => Buffer.alloc(size, i + 1));
  const answer = await call(client, '/t.T/Call', sent.map(frame));
  assert.equal(answer.messages.length, sent.length);
  for (const [i, message] of answer.messages.entries())
    assert.ok(message.equals(sent[i] ?? Buffer.alloc(0)), `size ${sizes[i]}`);
});

void test('messages cut at any place are put together', async () => {
  await using host = sessionOf(echo);
  const { client } = connect(host);
  const bytes = Buffer.concat(['', 'a', 'bcd', 'e'.repeat(100)].map(frame));
  for (const size of [1, 2, 3, 7]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    const answer = await call(client, '/t.T/Call', pieces);
    assert.deepEqual(answer.messages.map(String), ['', 'a', 'bcd', 'e'.repeat(100)]);
  }
});

void test('calls run beside each other: a stalled one does not hold up the health check', async () => {
  await using host = sessionOf(
    methodOf(async (call) => {
      for (let i = 0; i < 64; i++) await call.send(Buffer.alloc(1 << 20));
    }),
  );
  const { client } = connect(host, { settings: { initialWindowSize: 65_535 } });
  const stalled = client.request({ ':method': 'POST', ':path': '/t.T/Call', 'content-type': 'application/grpc' });
  stalled.end(frame(''));
  await new Promise((resolve) => stalled.once('response', resolve));
  const answer = await call(client, '/grpc.health.v1.Health/Check', [frame('')]);
  assert.equal(answer.trailers['grpc-status'], '0');
  let bytes = 0;
  stalled.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await new Promise((resolve) => stalled.once('close', resolve));
  assert.equal(bytes, 64 * ((1 << 20) + 5));
});

void test('a handler that does not read stops the sender at its window, one that reads lets it go on', async () => {
  const { promise: mayRead, resolve: read } = Promise.withResolvers<void>();
  let count = 0;
  await using host = sessionOf(
    methodOf(async (call) => {
      await mayRead;
      for await (const message of messages(call)) count += message.length;
    }),
  );
  const { client } = connect(host);
  const request = client.request({ ':method': 'POST', ':path': '/t.T/Call', 'content-type': 'application/grpc' });
  request.resume();
  const total = 24 << 20;
  let written = 0;
  const writing = (async (): Promise<void> => {
    for (let sent = 0; sent < total; sent += 1 << 20) {
      await new Promise((resolve) => request.write(frame(Buffer.alloc(1 << 20)), resolve));
      written += 1 << 20;
    }
    request.end();
  })();
  // The health check goes through although the other stream's window is used up.
  await call(client, '/grpc.health.v1.Health/Check', [frame('')]);
  assert.ok(written <= 6 << 20, `${written} bytes were taken from the sender`);
  read();
  await writing;
  await new Promise((resolve) => request.once('close', resolve));
  assert.equal(count, total);
});

void test('what a handler throws becomes the status, its text intact', async () => {
  const text = 'not “here”: 100 %\n';
  await using host = sessionOf(
    {
      methods: [
        unaryMethod('/t.T/Status', () => {
          throw new CallError(GrpcStatus.NOT_FOUND, text);
        }),
      ],
    },
    methodOf(async (call) => {
      await call.send(Buffer.from('first'));
      throw new Error('broken');
    }),
  );
  const { client } = connect(host);
  const { headers } = await call(client, '/t.T/Status', [frame('')]);
  assert.equal(headers['grpc-status'], '5');
  assert.equal(decodeURIComponent(String(headers['grpc-message'])), text);
  const { trailers, messages } = await call(client, '/t.T/Call', [frame('')]);
  assert.deepEqual(messages.map(String), ['first']);
  assert.equal(trailers['grpc-status'], '2');
  assert.equal(trailers['grpc-message'], 'broken');
});

void test('compressed and over-long messages, and half ones, are refused', async () => {
  await using host = sessionOf(echo);
  const { client } = connect(host);
  const compressed = frame('x');
  compressed[0] = 1;
  assert.equal((await call(client, '/t.T/Call', [compressed])).headers['grpc-status'], '12');
  assert.equal((await call(client, '/t.T/Call', [Buffer.of(0, 0xff, 0, 0, 0)])).headers['grpc-status'], '8');
  assert.equal((await call(client, '/t.T/Call', [frame('abc').subarray(0, 6)])).headers['grpc-status'], '13');
});

void test('metadata keeps its pairs: many values of one name, commas, and ten thousand of them', async () => {
  let got: string[] = [];
  await using host = sessionOf({
    methods: [
      unaryMethod('/t.T/Call', (_, call) => {
        got = metadataValues(call.metadata, 'exclude-patterns');
        return Buffer.of();
      }),
    ],
  });
  const { client } = connect(host, { maxSendHeaderBlockLength: 1 << 24 });
  const values = Array.from({ length: 10_000 }, (_, i) => `**/some/folder, of mine/100%/file-${i}.{a,b}`);
  const answer = await call(client, '/t.T/Call', [frame('')], { 'exclude-patterns': values });
  assert.equal(answer.trailers['grpc-status'], '0');
  assert.deepEqual(got, values);
});

void test('a call that the client gives up is aborted, and the others live on', async () => {
  const { promise: aborted, resolve: onAborted } = Promise.withResolvers<unknown>();
  await using host = sessionOf(
    methodOf(async (call) => {
      await call.send(Buffer.from('ready'));
      // More than the window takes: it waits until the call is over.
      await call.sendFramed(Buffer.alloc(10 << 20)).catch(onAborted);
      assert.ok(call.signal.aborted);
      await assert.rejects(call.send(Buffer.from('late')), { code: 'CANCELED' });
    }),
  );
  const { client } = connect(host);
  const request = client.request({ ':method': 'POST', ':path': '/t.T/Call', 'content-type': 'application/grpc' });
  await new Promise((resolve) => request.once('data', resolve));
  request.pause();
  request.close(http2.constants.NGHTTP2_CANCEL);
  assert.match(String(await aborted), /the daemon canceled the call/);
  assert.equal((await call(client, '/grpc.health.v1.Health/Check', [frame('')])).trailers['grpc-status'], '0');
});

void test('the session ends when the client goes; calls are aborted', async () => {
  const { promise: aborted, resolve: onAborted } = Promise.withResolvers<void>();
  const host = sessionOf(
    methodOf(async (call) => {
      call.signal.addEventListener('abort', () => onAborted());
      await call.send(Buffer.from('ready'));
      await call.sendFramed(Buffer.alloc(10 << 20));
    }),
  );
  const { client, served } = connect(host);
  const request = client.request({ ':method': 'POST', ':path': '/t.T/Call', 'content-type': 'application/grpc' });
  request.on('error', () => {});
  await new Promise((resolve) => request.once('data', resolve));
  client.destroy();
  await aborted;
  await served.catch(() => {});
  await host[Symbol.asyncDispose]();
});

void test('a connection that breaks is an error', async () => {
  await using host = sessionOf();
  const { served, serverSide, client } = connect(host);
  client.on('error', () => {});
  serverSide.destroy(new Error('cable cut'));
  await assert.rejects(served, { code: 'TRANSPORT', message: /cable cut/ });
});

void test('disposal ends the connection in order', async () => {
  const host = sessionOf(echo);
  const { client, served } = connect(host);
  await call(client, '/t.T/Call', [frame('x')]);
  const gone = new Promise((resolve) => client.once('goaway', resolve));
  await host[Symbol.asyncDispose]();
  await served;
  assert.equal(await gone, http2.constants.NGHTTP2_NO_ERROR);
});

void test('what a socket brings stays whole until its call is done with it', async () => {
  await using host = sessionOf(
    methodOf(async (call) => {
      for await (const batch of call.batches()) {
        await new Promise(setImmediate); // more of both calls has come by then
        for (const message of batch) await call.send(message.slice());
      }
    }),
  );
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const accepted = once(server, 'connection');
  const socket = dial(address.port, '127.0.0.1');
  const [serverSide] = (await accepted) as [Duplex];
  const served = host.serve(serverSide);
  const client = http2.connect('http://localhost', { createConnection: () => socket });
  const sizes = [0, 1, 100, 9_000, 16_384, 32_768, 40_000, 300_000];
  const messagesOf = (seed: number): Buffer[] =>
    Array.from({ length: 80 }, (_, i) => Buffer.alloc(sizes[(i * seed) % sizes.length] ?? 0, `${seed}.${i}`));
  const answers = await Promise.all([3, 5].map((seed) => call(client, '/t.T/Call', messagesOf(seed).map(frame))));
  for (const [i, seed] of [3, 5].entries()) {
    assert.ok(Buffer.concat(answers[i]?.messages ?? []).equals(Buffer.concat(messagesOf(seed))), `call ${seed}`);
  }
  client.close();
  await served;
  server.close();
});

void test('a daemon that falls silent without a word is given up, and its calls are aborted', async () => {
  const reason = Promise.withResolvers<unknown>();
  const hang = methodOf(async ({ signal }) => {
    await once(signal, 'abort');
    reason.resolve(signal.reason);
  });
  await using host = createSession({
    id: 'id',
    name: '',
    sharedKey: '',
    attachables: [hang],
    keepAliveMs: 20,
    pingTimeoutMs: 50,
  });
  const [clientSide, serverSide] = duplexPair();
  const served = host.serve(serverSide);
  const client = http2.connect('http://localhost', { createConnection: () => clientSide });
  client.on('error', () => undefined);
  client.request({ ':method': 'POST', ':path': '/t.T/Call', 'content-type': 'application/grpc' }).on('error', () => {});
  await once(client, 'remoteSettings');
  clientSide.pause();
  clientSide.removeAllListeners('data');
  const silent = { code: 'TRANSPORT', message: /connection of the session lost: no answer to a ping for 0.05 seconds/ };
  await assert.rejects(served, silent);
  await reason.promise;
  client.destroy();
});

void test('a daemon that answers pings may be silent for long', async () => {
  const sessionOptions = { id: 'id', name: '', sharedKey: '', attachables: [echo], keepAliveMs: 5, pingTimeoutMs: 500 };
  await using host = createSession(sessionOptions);
  const { client, served } = connect(host);
  await once(client, 'remoteSettings');
  await new Promise((resolve) => setTimeout(resolve, 60));
  const { messages: answers } = await call(client, '/t.T/Call', [frame('x')]);
  assert.deepEqual(answers.map(String), ['x']);
  client.close();
  await served;
});

test('calls within a traced build are its spans, and what they do belongs to them', async () => {
  const spans: FinishedSpan[] = [];
  const trace = new Trace({ sampler: samplerOf({}), resource: {} });
  trace.deliverTo({ timeoutMs: 60_000, send: async (batch) => void spans.push(...batch.spans) });
  const build = trace.span('build', undefined);
  await using host = inSpan(build, () =>
    sessionOf(
      methodOf(async () => {
        currentSpan()?.child('load credentials').end();
        throw new CallError(GrpcStatus.UNAVAILABLE, 'no such host');
      }),
    ),
  );
  const { client } = connect(host);
  const traceparent = `00-${build.context.traceId}-00f067aa0ba902b7-01`;
  await call(client, '/t.T/Call', [frame('x')], { traceparent });
  await call(client, '/grpc.health.v1.Health/Check', [frame('')], { traceparent });
  client.close();
  await trace.end();
  const [inner, served] = spans;
  assert.equal(spans.length, 2);
  assert.deepEqual(
    [served?.name, served?.kind, served?.error, served?.attributes['rpc.response.status_code'], served?.parent?.spanId],
    ['t.T/Call', 'server', 'no such host', 'UNAVAILABLE', '00f067aa0ba902b7'],
  );
  assert.equal(inner?.parent?.spanId, served?.context.spanId);
});
