import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { traceCommand, type TraceOptions } from '../../../src/telemetry/index.ts';
import { currentSpan, type FinishedSpan, withSpan } from '../../../src/tracing/index.ts';
import { type Collector, startGrpcCollector, startHttpCollector } from '../../support/collector.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

async function spansOf(options: Omit<TraceOptions, 'name' | 'onSpans'>): Promise<readonly FinishedSpan[]> {
  const found: FinishedSpan[] = [];
  const onSpans = (spans: readonly FinishedSpan[]): void => void found.push(...spans);
  await traceCommand({ env: {}, ...options, name: 'build .', onSpans }, () => withSpan('build', async () => {}));
  return found;
}

function to(collector: { readonly endpoint: string }, protocol: string): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
}

test('a command is a span; what runs in it is below', async () => {
  const [build, root] = await spansOf({ attributes: { context: '.' } });
  assert.deepEqual([root?.name, root?.parent, root?.attributes], ['build .', undefined, { context: '.' }]);
  assert.deepEqual([build?.name, build?.parent?.spanId], ['build', root?.context.spanId]);
});

test('it belongs to the span that the environment or the caller names', async () => {
  const fromEnv = await spansOf({ env: { TRACEPARENT: traceparent, TRACESTATE: 'a=1' } });
  const given = await spansOf({ env: { TRACEPARENT: 'other' }, traceparent, tracestate: 'a=1' });
  for (const spans of [fromEnv, given]) {
    const root = spans.at(-1);
    assert.equal(root?.parent?.spanId, '00f067aa0ba902b7');
    assert.equal(root.isParentRemote, true);
    for (const { context } of spans) assert.equal(context.traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
    for (const { context } of spans) assert.equal(context.state, 'a=1');
  }
  assert.deepEqual(await spansOf({ env: { TRACEPARENT: traceparent.replace(/1$/, '0') } }), []);
});

test('collectors get the spans over gRPC and over HTTP, with headers, and what they are of', async () => {
  const start = { grpc: startGrpcCollector, 'http/protobuf': startHttpCollector };
  for (const [protocol, open] of Object.entries(start)) {
    await using collector: Collector = await open();
    const env = {
      ...to(collector, protocol),
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'mine',
      OTEL_RESOURCE_ATTRIBUTES: 'docker.cli.cobra.command_path=docker%20buildx,team=x',
    };
    assert.equal(await traceCommand({ env, name: 'build .', resource: { os: 'linux' } }, async () => 7), 7);
    assert.deepEqual(
      collector.requests.map(({ path, headers }) => [path, headers['x-key']]),
      [[protocol === 'grpc' ? '/opentelemetry.proto.collector.trace.v1.TraceService/Export' : '/v1/traces', 'a b']],
    );
    const [span] = collector.take();
    assert.equal(span?.name, 'build .');
    assert.deepEqual(span.resource, {
      'service.name': 'mine',
      team: 'x',
      os: 'linux',
      'telemetry.sdk.name': 'tsbuildx',
      'telemetry.sdk.language': 'nodejs',
    });
  }
});

test('what the command throws is noted and thrown', async () => {
  await using collector = await startHttpCollector();
  const failing = traceCommand({ env: to(collector, 'http/protobuf'), name: 'build .' }, async () => {
    throw new RangeError('too far');
  });
  await assert.rejects(failing, RangeError);
  const [span] = collector.take();
  assert.deepEqual(
    span?.events.map(({ attributes }) => attributes['exception.message']),
    ['too far'],
  );
  assert.equal(currentSpan(), undefined);
});

test('a collector that refuses, is not there, hangs, or cannot be one, changes nothing', async () => {
  await using refusing = await startHttpCollector(503);
  const silent: Server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  assert.ok(typeof address === 'object' && address !== null);
  const hanging = { endpoint: `http://127.0.0.1:${address.port}` };
  const nobody = { endpoint: 'http://127.0.0.1:1' };
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [to(refusing, 'http/protobuf'), /refused spans: 503/],
    [to(nobody, 'http/protobuf'), /ECONNREFUSED|connection refused/],
    [to(nobody, 'grpc'), /ECONNREFUSED|connection refused/],
    [{ ...to(hanging, 'http/protobuf'), OTEL_EXPORTER_OTLP_TIMEOUT: '20' }, /not taken in time/],
    [{ ...to(hanging, 'grpc'), OTEL_EXPORTER_OTLP_TIMEOUT: '20' }, /not taken in time|no answer/],
    [to(nobody, 'http/json'), /unsupported otlp protocol/],
    [{ OTEL_TRACES_EXPORTER: 'jaeger' }, /unsupported opentelemetry exporter/],
    [{ ...to({ endpoint: 'https://h' }, 'grpc'), OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere' }, /nowhere/],
  ];
  for (const [env, why] of cases) {
    const warnings: string[] = [];
    const onWarning = (message: string): void => void warnings.push(message);
    assert.equal(await traceCommand({ env, name: 'build .', onWarning }, async () => 'built'), 'built');
    assert.match(warnings.join('\n'), why);
    assert.match(warnings.join('\n'), /^spans were not sent: /);
  }
  silent.close();
});
