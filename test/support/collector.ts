// Collectors of OpenTelemetry over gRPC and HTTP that keep what they are sent.
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { fromLong, opentelemetry } from '../../src/proto/index.ts';

const { v1: service } = opentelemetry.proto.collector.trace;
const { v1: metricsService } = opentelemetry.proto.collector.metrics;
const { Span } = opentelemetry.proto.trace.v1;

/** A span as it was sent, with what stood around it. Ids in hexadecimal. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: string;
  readonly flags: number;
  /** Nanoseconds. */
  readonly duration: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> }[];
  readonly status: { readonly code: number; readonly message: string };
  readonly resource: Readonly<Record<string, unknown>>;
  readonly resourceSchema: string;
  readonly scope: string;
  readonly scopeVersion: string;
}

/** A value of a metric as it was sent. */
export interface SentMetric {
  readonly scope: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** `delta` of a sum; undefined for a gauge. */
  readonly sum: 'delta' | 'cumulative' | undefined;
  readonly monotonic: boolean;
  readonly value: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** One request of a program. */
export interface SentRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly spans: readonly SentSpan[];
  readonly metrics: readonly SentMetric[];
}

export interface Collector extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly requests: readonly SentRequest[];
  /** All spans that have come since the last call. */
  take(): readonly SentSpan[];
}

/** Serves `POST` of any path. @param status of its answers */
export async function startHttpCollector(status: number = 200): Promise<Collector> {
  const requests: SentRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    requests.push({ path: request.url ?? '', headers: request.headers, spans: decodeSpans(plain), metrics: [] });
    response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return collector(server.address() as AddressInfo, requests, async () => {
    server.closeAllConnections();
    server.close();
  });
}

/** Serves the gRPC services of spans and metrics. */
export async function startGrpcCollector(): Promise<Collector> {
  const requests: SentRequest[] = [];
  const server = new Server({ 'grpc.max_receive_message_length': -1 });
  const same = (bytes: Buffer): Buffer => bytes;
  const codecs = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  const serve = (path: string, decode: (bytes: Uint8Array) => Pick<SentRequest, 'spans' | 'metrics'>): void => {
    const handler: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
      requests.push({ path, headers: call.metadata.getMap(), ...decode(call.request) });
      callback(null, Buffer.alloc(0));
    };
    const Export = { path, requestStream: false, responseStream: false, ...codecs };
    server.addService({ Export }, { Export: handler });
  };
  const services = '/opentelemetry.proto.collector';
  serve(`${services}.trace.v1.TraceService/Export`, (bytes) => ({ spans: decodeSpans(bytes), metrics: [] }));
  serve(`${services}.metrics.v1.MetricsService/Export`, (bytes) => ({ spans: [], metrics: decodeMetrics(bytes) }));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return collector({ port }, requests, async () => server.forceShutdown());
}

function collector({ port }: { readonly port: number }, requests: SentRequest[], stop: () => Promise<void>): Collector {
  let taken = 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    take: () => {
      const spans = requests.slice(taken).flatMap((request) => request.spans);
      taken = requests.length;
      return spans;
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** The spans of one request. */
export function decodeSpans(bytes: Uint8Array): readonly SentSpan[] {
  const hex = (id: Uint8Array | null | undefined): string => Buffer.from(id ?? []).toString('hex');
  return service.ExportTraceServiceRequest.decode(bytes).resource_spans.flatMap((resource) =>
    (resource.scope_spans ?? []).flatMap((scope) =>
      (scope.spans ?? []).map((span) => ({
        traceId: hex(span.trace_id),
        spanId: hex(span.span_id),
        parentSpanId: hex(span.parent_span_id),
        traceState: span.trace_state ?? '',
        name: span.name ?? '',
        kind: (Span.SpanKind[span.kind ?? 0] ?? '').replace('SPAN_KIND_', ''),
        flags: span.flags ?? 0,
        duration: fromLong(span.end_time_unix_nano) - fromLong(span.start_time_unix_nano),
        attributes: attributesOf(span.attributes),
        events: (span.events ?? []).map((event) => ({
          name: event.name ?? '',
          attributes: attributesOf(event.attributes),
        })),
        status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
        resource: attributesOf(resource.resource?.attributes),
        resourceSchema: resource.schema_url ?? '',
        scope: scope.scope?.name ?? '',
        scopeVersion: scope.scope?.version ?? '',
      })),
    ),
  );
}

/** The metrics of one request. */
function decodeMetrics(bytes: Uint8Array): readonly SentMetric[] {
  return metricsService.ExportMetricsServiceRequest.decode(bytes).resource_metrics.flatMap((resource) =>
    (resource.scope_metrics ?? []).flatMap((scope) =>
      (scope.metrics ?? []).flatMap((metric) =>
        (metric.sum?.data_points ?? metric.gauge?.data_points ?? []).map((point) => ({
          scope: scope.scope?.name ?? '',
          name: metric.name ?? '',
          description: metric.description ?? '',
          unit: metric.unit ?? '',
          sum: sumKind(metric.sum),
          monotonic: metric.sum?.is_monotonic ?? false,
          value: point.as_int == null ? (point.as_double ?? 0) : Number(fromLong(point.as_int)),
          attributes: attributesOf(point.attributes),
          resource: attributesOf(resource.resource?.attributes),
        })),
      ),
    ),
  );
}

function sumKind(sum: opentelemetry.proto.metrics.v1.Sum.$Properties | null | undefined): SentMetric['sum'] {
  if (sum == null) return undefined;
  const { AGGREGATION_TEMPORALITY_DELTA } = opentelemetry.proto.metrics.v1.AggregationTemporality;
  return sum.aggregation_temporality === AGGREGATION_TEMPORALITY_DELTA ? 'delta' : 'cumulative';
}

type KeyValue = opentelemetry.proto.common.v1.KeyValue.$Properties;
type AnyValue = opentelemetry.proto.common.v1.AnyValue.$Properties;

function attributesOf(pairs: readonly KeyValue[] | null | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key ?? '', plain(value)]));
}

function plain(value: AnyValue | null | undefined): unknown {
  if (value?.int_value != null) return fromLong(value.int_value);
  if (value?.array_value != null) return (value.array_value.values ?? []).map(plain);
  return value?.string_value ?? value?.bool_value ?? value?.double_value;
}
