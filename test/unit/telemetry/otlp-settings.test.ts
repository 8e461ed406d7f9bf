import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportsTraces, type OtlpSettings, otlpSettings, traceSettings } from '../../../src/telemetry/otlp-settings.ts';

/** Where spans go: `protocol scheme://host path`. */
function target(env: Record<string, string>): string {
  const { protocol, encrypted, host, path } = traceSettings(withPrefix(env));
  return `${protocol} ${encrypted ? 'https' : 'http'}://${host}${protocol === 'grpc' ? '' : ` ${path}`}`;
}

function withPrefix(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [`OTEL_EXPORTER_OTLP_${name}`, value]));
}

function http(env: Record<string, string>): OtlpSettings {
  return otlpSettings(withPrefix(env), 'http/protobuf');
}

test('an endpoint, or the word otlp, asks for spans to be sent', () => {
  assert.equal(exportsTraces({}), false);
  assert.equal(exportsTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: 'x' }), true);
  assert.equal(exportsTraces({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'x' }), true);
  assert.equal(exportsTraces({ OTEL_TRACES_EXPORTER: 'otlp' }), true);
  assert.equal(exportsTraces({ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'x' }), false);
});

test('where spans go', () => {
  const PROTOCOL = 'http/protobuf';
  assert.equal(target({}), 'grpc https://localhost:4317');
  assert.equal(target({ PROTOCOL }), 'http/protobuf https://localhost:4318 /v1/traces');
  assert.equal(target({ PROTOCOL, TRACES_PROTOCOL: 'grpc' }), 'grpc https://localhost:4317');
  assert.equal(target({ ENDPOINT: 'http://h:1' }), 'grpc http://h:1');
  assert.equal(target({ ENDPOINT: 'https://h' }), 'grpc https://h');
  assert.equal(target({ ENDPOINT: 'unix:///run/c.sock' }), 'grpc http:///run/c.sock');
  assert.equal(target({ ENDPOINT: 'https://h:1', INSECURE: 'TRUE' }), 'grpc http://h:1');
  assert.equal(target({ ENDPOINT: 'http://h:1', TRACES_INSECURE: 'false' }), 'grpc https://h:1');
  assert.equal(target({ PROTOCOL, ENDPOINT: 'http://h:1/base/' }), 'http/protobuf http://h:1 /base/v1/traces');
  assert.equal(target({ PROTOCOL, ENDPOINT: 'http://a', TRACES_ENDPOINT: 'http://h:1' }), 'http/protobuf http://h:1 /');
  assert.equal(target({ PROTOCOL, TRACES_ENDPOINT: 'http://h:1/own' }), 'http/protobuf http://h:1 /own');
  assert.equal(target({ ENDPOINT: '127.0.0.1:4317' }), 'grpc https://localhost:4317');
});

test('headers, timeout, compression and certificates; those of traces win', () => {
  const { headers, timeoutMs, gzip, ca, cert } = http({});
  assert.deepEqual([headers, timeoutMs, gzip, ca, cert], [{}, 10_000, false, undefined, undefined]);
  assert.deepEqual(http({ HEADERS: 'A=b%20c, d = e=f ,bad,b ad=x,x=%zz' }).headers, { a: 'b c', d: 'e=f' });
  assert.deepEqual(http({ HEADERS: 'a=1,b=2', TRACES_HEADERS: 'c=3' }).headers, { c: '3' });
  assert.equal(http({ TIMEOUT: '5', TRACES_TIMEOUT: '7' }).timeoutMs, 7);
  for (const TIMEOUT of ['x', '0', '-1', '1.5']) assert.equal(http({ TIMEOUT }).timeoutMs, 10_000);
  assert.equal(http({ COMPRESSION: 'gzip' }).gzip, true);
  assert.equal(http({ COMPRESSION: 'gzip', TRACES_COMPRESSION: 'none' }).gzip, false);
  const tls = http({ CERTIFICATE: 'ca', CLIENT_CERTIFICATE: 'c', CLIENT_KEY: 'k', TRACES_CLIENT_CERTIFICATE: 'alone' });
  assert.deepEqual([tls.ca, tls.cert, tls.key], ['ca', 'c', 'k']);
});

test('certificates ask gRPC for encryption, and are refused where HTTP shall not encrypt', () => {
  const env = withPrefix({ ENDPOINT: 'http://h:1', CERTIFICATE: 'ca' });
  assert.equal(otlpSettings(env, 'grpc').encrypted, true);
  assert.throws(() => otlpSettings(env, 'http/protobuf'), {
    code: 'INVALID_ARGUMENT',
    message: /insecure HTTP endpoint/,
  });
});

test('exporters and protocols that are none of ours are refused', () => {
  const refused = { code: 'UNSUPPORTED' };
  assert.throws(() => traceSettings({ OTEL_TRACES_EXPORTER: 'zipkin' }), { ...refused, message: /exporter zipkin/ });
  assert.throws(() => target({ PROTOCOL: 'http/json' }), { ...refused, message: /otlp protocol http\/json/ });
});
