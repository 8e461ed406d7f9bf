import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  currentSpan,
  type FinishedSpan,
  inSpan,
  parseTraceParent,
  samplerOf,
  type SpanSink,
  Trace,
  withSpan,
} from '../../../src/tracing/index.ts';
import { decodeSpans, type SentSpan } from '../../support/collector.ts';

function newTrace(onFailure?: (error: unknown) => void, env: Record<string, string> = {}): Trace {
  return new Trace({ sampler: samplerOf(env), resource: { 'service.name': 'test' }, onFailure });
}

interface Collected extends SpanSink {
  readonly batches: FinishedSpan[][];
  readonly sent: SentSpan[];
}

function collectingSink(): Collected {
  const batches: FinishedSpan[][] = [];
  const sent: SentSpan[] = [];
  return {
    batches,
    sent,
    timeoutMs: 60_000,
    async send(batch) {
      batches.push([...batch.spans]);
      sent.push(...decodeSpans(await batch.encoded()));
    },
  };
}

test('spans within spans are children, and reach a sink when the trace ends', async () => {
  const trace = newTrace();
  const sink = collectingSink();
  trace.deliverTo(sink);
  const root = trace.span('root', undefined, { attributes: { files: ['a', 'b'], count: 3, share: 0.5, done: true } });
  await inSpan(root, async () => {
    await withSpan('child', async () => {
      await Promise.resolve();
      currentSpan()?.child('call', { kind: 'client', scope: 'grpc' }).end();
    });
  });
  assert.equal(currentSpan(), undefined);
  root.end();
  await trace.end();
  const [call, child, top] = sink.sent;
  assert.deepEqual(
    sink.sent.map(({ name, kind, scope, flags }) => ({ name, kind, scope, flags })),
    [
      { name: 'call', kind: 'CLIENT', scope: 'grpc', flags: 0x101 },
      { name: 'child', kind: 'INTERNAL', scope: 'tsbuildx', flags: 0x101 },
      { name: 'root', kind: 'INTERNAL', scope: 'tsbuildx', flags: 0x101 },
    ],
  );
  assert.deepEqual([call?.parentSpanId, child?.parentSpanId, top?.parentSpanId], [child?.spanId, top?.spanId, '']);
  assert.deepEqual(top?.attributes, { files: ['a', 'b'], count: 3n, share: 0.5, done: true });
  assert.deepEqual(top?.resource, { 'service.name': 'test' });
  assert.equal(new Set(sink.sent.map(({ traceId }) => traceId)).size, 1);
  assert.match(top?.traceId ?? '', /^[0-9a-f]{32}$/);
  assert.match(top?.spanId ?? '', /^[0-9a-f]{16}$/);
});

test('a span of another program is the parent, and its state is handed on', async () => {
  const trace = newTrace();
  const sink = collectingSink();
  trace.deliverTo(sink);
  trace.span('root', parseTraceParent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'a=1')).end();
  await trace.end();
  const [span] = sink.sent;
  assert.deepEqual(
    [span?.traceId, span?.parentSpanId, span?.traceState, span?.flags],
    ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7', 'a=1', 0x301],
  );
});

test('what is thrown is an event of the span, which failed', async () => {
  const trace = newTrace();
  const sink = collectingSink();
  trace.deliverTo(sink);
  const root = trace.span('root', undefined);
  const failing = inSpan(root, () => withSpan('child', async () => Promise.reject(new TypeError('no luck'))));
  await assert.rejects(failing, /no luck/);
  await trace.end();
  const [span] = sink.sent;
  assert.deepEqual(span?.status, { code: 2, message: 'no luck' });
  assert.deepEqual(span?.events, [
    { name: 'exception', attributes: { 'exception.type': 'TypeError', 'exception.message': 'no luck' } },
  ]);
});

test('a trace that is not recorded reaches nobody, but its spans have names', async () => {
  const trace = newTrace(undefined, { OTEL_TRACES_SAMPLER: 'always_off' });
  const sink = collectingSink();
  trace.deliverTo(sink);
  const root = trace.span('root', undefined);
  const child = root.child('child');
  assert.equal(child.context.sampled, false);
  assert.equal(child.context.traceId, root.context.traceId);
  child.end();
  root.end();
  await trace.end();
  assert.deepEqual(sink.batches, []);
});

test('a sink that comes late gets what ended before; each gets every span once, 512 at a time', async () => {
  const trace = newTrace();
  const root = trace.span('root', undefined);
  const [early, late] = [collectingSink(), collectingSink()];
  trace.deliverTo(early);
  trace.deliverTo(early);
  for (let i = 0; i < 600; i++) root.child(`span ${i}`).end();
  trace.deliverTo(late);
  await trace.end();
  for (const { batches } of [early, late]) {
    assert.deepEqual(
      batches.map(({ length }) => length),
      [512, 88],
    );
    assert.equal(new Set(batches.flat().map(({ name }) => name)).size, 600);
  }
});

test('spans are delivered while the trace goes on', async () => {
  const trace = newTrace();
  const arrived = Promise.withResolvers<string>();
  trace.deliverTo({ timeoutMs: 60_000, send: async ({ spans }) => arrived.resolve(spans[0]?.name ?? '') });
  trace.span('early', undefined).end();
  const keepsAlive = setInterval(() => {}, 1_000); // the trace itself does not
  assert.equal(await arrived.promise, 'early');
  clearInterval(keepsAlive);
  await trace.end();
});

test('a sink that fails, and one that does not answer, keep nothing from the others', async () => {
  const failures: string[] = [];
  const trace = newTrace((error) => failures.push(String(error)));
  const good = collectingSink();
  let aborted: unknown;
  trace.deliverTo({ timeoutMs: 60_000, send: async () => Promise.reject(new Error('refused')) });
  trace.deliverTo({
    timeoutMs: 10,
    send: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = signal.reason;
          reject(signal.reason);
        });
      }),
  });
  trace.deliverTo(good);
  trace.span('root', undefined).end();
  await trace.end();
  assert.deepEqual(failures.sort(), ['Error: refused', 'Error: the spans were not taken in time']);
  assert.match(String(aborted), /not taken in time/);
  assert.equal(good.sent.length, 1);
});

test('what sinks need is closed after the last span was sent, and spans that end then are lost', async () => {
  const order: string[] = [];
  const trace = newTrace();
  trace.deliverTo({ timeoutMs: 60_000, send: async ({ spans }) => void order.push(...spans.map(({ name }) => name)) });
  trace.closeAtEnd(async () => void order.push('closed'));
  trace.closeAtEnd(async () => Promise.reject(new Error('cannot close')));
  const late = trace.span('late', undefined);
  trace.span('root', undefined).end();
  await trace.end();
  late.end();
  await trace.end();
  assert.deepEqual(order, ['root', 'closed']);
  assert.equal(trace.hasEnded, true);
});

test('without a trace, work runs as it is', async () => {
  assert.equal(await withSpan('nothing', async (span) => span), undefined);
});

test('what is prepared is delivered all the same, once', async () => {
  const trace = newTrace();
  const sink = collectingSink();
  trace.prepare();
  trace.deliverTo(sink);
  trace.span('early', undefined).end();
  trace.prepare();
  trace.span('late', undefined).end();
  await trace.end();
  assert.deepEqual(
    sink.sent.map(({ name }) => name),
    ['early', 'late'],
  );
});
