import { type handleUnaryCall, type Metadata, status as Status } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRpcClient, type RpcClient } from '../../../../src/buildkit/rpc/index.ts';
import { inSpan, samplerOf, type Span, Trace } from '../../../../src/tracing/index.ts';
import { decodeSpans, type SentSpan } from '../../../support/collector.ts';
import { bytesMethod, startGrpcServer, type TestHandlers, type TestServer } from '../../../support/grpc-server.ts';

const { signal } = new AbortController();
const endpoint = 'unix:///test.sock';
const echo = bytesMethod('Echo');
const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

interface Daemon {
  readonly server: TestServer;
  readonly client: RpcClient;
  /** Spans that the daemon was sent. */
  readonly spans: SentSpan[];
  /** `traceparent` and `tracestate` of the calls. */
  readonly headers: string[];
}

async function withDaemon(
  use: (daemon: Daemon, root: Span) => Promise<void>,
  exporting?: handleUnaryCall<Buffer, Buffer>,
): Promise<unknown[]> {
  const spans: SentSpan[] = [];
  const headers: string[] = [];
  const note = (metadata: Metadata): void =>
    void headers.push([...metadata.get('traceparent'), ...metadata.get('tracestate')].join(' '));
  const handlers: TestHandlers = {
    unary: {
      Echo: (call, done) => {
        note(call.metadata);
        done(null, call.request);
      },
      Fail: (_, done) => done({ code: Status.NOT_FOUND, details: 'not here' }),
      [EXPORT]:
        exporting ??
        ((call, done) => {
          spans.push(...decodeSpans(call.request));
          done(null, Buffer.alloc(0));
        }),
    },
    stream: {
      Count: (call) => {
        note(call.metadata);
        for (let i = 0; i < 3; i++) call.write(Buffer.from([i]));
        call.end();
      },
    },
  };
  const server = startGrpcServer(handlers);
  const failures: unknown[] = [];
  const trace = new Trace({ sampler: samplerOf({}), resource: {}, onFailure: (error) => failures.push(error) });
  try {
    const client = createRpcClient(server.dial, { endpoint });
    await use({ server, client, spans, headers }, trace.span('root', undefined));
    await trace.end();
  } finally {
    server.stop();
  }
  return failures;
}

test('calls within a span are its children, and the daemon is told which span calls', async () => {
  await withDaemon(async ({ client, spans, headers }, root) => {
    await inSpan(root, async () => {
      await client.unary(echo, Buffer.from('x'), { signal, metadata: { own: 'y' } });
      for await (const _ of client.serverStream(bytesMethod('Count'), Buffer.alloc(0), { signal }));
      for await (const _ of client.serverStream(bytesMethod('Count'), Buffer.alloc(0), { signal })) break;
      await assert.rejects(client.unary(bytesMethod('Fail'), Buffer.alloc(0), { signal }), /not here/);
    });
    await client.unary(echo, Buffer.from('x'), { signal });
    root.end();
    await client[Symbol.asyncDispose]();
    await root.trace.end();
    assert.deepEqual(
      spans.map(({ name, kind, attributes, status }) => [
        name,
        kind,
        attributes['rpc.response.status_code'],
        status.message,
      ]),
      [
        ['test.Test/Echo', 'CLIENT', 'OK', ''],
        ['test.Test/Count', 'CLIENT', 'OK', ''],
        ['test.Test/Count', 'CLIENT', 'CANCELLED', 'context canceled'],
        ['test.Test/Fail', 'CLIENT', 'NOT_FOUND', 'NotFound: not here'],
        ['root', 'INTERNAL', undefined, ''],
      ],
    );
    const calls = spans.slice(0, 3);
    assert.deepEqual(headers, [...calls.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`), '']);
    for (const { parentSpanId } of calls) assert.equal(parentSpanId, root.context.spanId);
  });
});

test('a connection that was disposed of is closed when its trace has ended', async () => {
  await withDaemon(async ({ client, server, spans }, root) => {
    await inSpan(root, () => client.unary(echo, Buffer.from('x'), { signal }));
    await client[Symbol.asyncDispose]();
    assert.equal(server.ends[0]?.destroyed, false);
    root.end();
    await root.trace.end();
    assert.equal(spans.length, 2);
    await assert.rejects(client.unary(echo, Buffer.from('x'), { signal }), /was closed/);
  });
});

test('what its dialer needs is disposed of with the connection', async () => {
  const server = startGrpcServer({ unary: { Echo: (call, done) => done(null, call.request) } });
  let isDisposed = false;
  const via = { [Symbol.dispose]: () => void (isDisposed = true) };
  const trace = new Trace({ sampler: samplerOf({}), resource: {} });
  try {
    const client = createRpcClient(server.dial, { endpoint, via });
    await inSpan(trace.span('root', undefined), () => client.unary(echo, Buffer.from('x'), { signal }));
    await client[Symbol.asyncDispose]();
    assert.equal(isDisposed, false);
    await trace.end();
    assert.equal(isDisposed, true);
  } finally {
    server.stop();
  }
});

test('without a trace it is closed at once', async () => {
  await withDaemon(async ({ client }) => {
    await client.unary(echo, Buffer.from('x'), { signal });
    await client[Symbol.asyncDispose]();
    await assert.rejects(client.unary(echo, Buffer.from('x'), { signal }), /was closed/);
  });
});

test('a daemon that answered nothing but errors is not asked to take spans', async () => {
  await withDaemon(async ({ client, server, spans }, root) => {
    await inSpan(root, () => assert.rejects(client.unary(bytesMethod('Fail'), Buffer.alloc(0), { signal })));
    root.end();
    await root.trace.end();
    assert.deepEqual(spans, []);
    assert.equal(server.ends.length, 1);
    await client[Symbol.asyncDispose]();
  });
});

test('a daemon without the service, and one that hangs, fail nothing', async () => {
  for (const [exporting, why] of [
    [(_, done) => done({ code: Status.UNIMPLEMENTED, details: 'unknown service' }), /unknown service/],
    [() => {}, /not taken in time/],
  ] as const satisfies readonly (readonly [handleUnaryCall<Buffer, Buffer>, RegExp])[]) {
    const failures = await withDaemon(async ({ client }, root) => {
      await inSpan(root, () => client.unary(echo, Buffer.from('x'), { signal }));
      await client[Symbol.asyncDispose]();
      root.end();
    }, exporting);
    assert.equal(failures.length, 1);
    assert.match(String(failures[0]), why);
  }
});
