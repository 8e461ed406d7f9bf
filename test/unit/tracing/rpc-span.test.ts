import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  endRpcSpan,
  type FinishedSpan,
  inSpan,
  samplerOf,
  type Span,
  startClientSpan,
  startServerSpan,
  Trace,
} from '../../../src/tracing/index.ts';

async function finish(make: (root: Span) => void): Promise<readonly FinishedSpan[]> {
  const spans: FinishedSpan[] = [];
  const trace = new Trace({ sampler: samplerOf({}), resource: {} });
  trace.deliverTo({ timeoutMs: 60_000, send: async (batch) => void spans.push(...batch.spans) });
  make(trace.span('root', undefined));
  await trace.end();
  return spans;
}

async function addressOf(endpoint: string): Promise<object> {
  const [span] = await finish((root) => inSpan(root, () => startClientSpan('/a.B/C', endpoint))?.end());
  const { 'rpc.method': _, 'rpc.system.name': __, ...address } = span?.attributes ?? {};
  return address;
}

test('a call is named by its method, and tells the address of its daemon', async () => {
  assert.deepEqual(await addressOf('unix:///run/x.sock'), { 'server.address': '/run/x.sock' });
  assert.deepEqual(await addressOf('tcp://host:1234'), { 'server.address': 'host', 'server.port': 1234 });
  assert.deepEqual(await addressOf('tcp://[::1]:1234'), { 'server.address': '::1', 'server.port': 1234 });
  assert.deepEqual(await addressOf('host:1'), { 'server.address': 'host', 'server.port': 1 });
  assert.deepEqual(await addressOf('ssh://me@host:22/x'), { 'server.address': 'me@host:22/x' });
  assert.deepEqual(await addressOf('docker-container://name'), { 'server.address': 'name' });
});

test('any failure is one of the client, few are one of the server', async () => {
  const spans = await finish((root) => {
    for (const status of [0, 1, 2, 5, 99]) {
      const client = inSpan(root, () => startClientSpan('/a.B/C', 'x'));
      const server = startServerSpan('/a.B/C', [], root);
      for (const span of [client, server]) if (span !== undefined) endRpcSpan(span, status, 'why');
    }
  });
  assert.deepEqual(
    spans.map(({ kind, attributes, error }) => `${kind} ${String(attributes['rpc.response.status_code'])} ${error}`),
    [
      'client OK undefined',
      'server OK undefined',
      'client CANCELLED why',
      'server CANCELLED undefined',
      'client UNKNOWN why',
      'server UNKNOWN why',
      'client NOT_FOUND why',
      'server NOT_FOUND undefined',
      'client CODE(99) why',
      'server CODE(99) undefined',
    ],
  );
});

test('the caller is the parent of a call to the session; the session is where it is not told', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  let root: Span | undefined;
  const spans = await finish((span) => {
    root = span;
    startServerSpan('/a.B/C', [['traceparent', traceparent]], span)?.end();
    startServerSpan('/a.B/C', [['traceparent', 'nonsense']], span)?.end();
  });
  assert.deepEqual(
    spans.map(({ parent, isParentRemote }) => [parent?.spanId, isParentRemote]),
    [
      ['00f067aa0ba902b7', true],
      [root?.context.spanId, false],
    ],
  );
});

test('the health check and the sending of spans have none', async () => {
  const spans = await finish((root) => {
    inSpan(root, () => {
      assert.equal(startClientSpan('/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'x'), undefined);
      assert.equal(startServerSpan('/grpc.health.v1.Health/Check', [], root), undefined);
    });
  });
  assert.deepEqual(spans, []);
  assert.equal(startClientSpan('/a.B/C', 'x'), undefined);
  assert.equal(startServerSpan('/a.B/C', [], undefined), undefined);
});
