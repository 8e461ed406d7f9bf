// Spans as OpenTelemetry's protocol has them.
import { opentelemetry, toLong } from '../proto/index.ts';
import { keyValues } from './attributes-codec.ts';
import type { Attributes, FinishedSpan, SpanKind } from './span.ts';

const { proto } = opentelemetry;
const { Span, Status } = proto.trace.v1;
const { ExportTraceServiceRequest } = proto.collector.trace.v1;

const KINDS: Readonly<Record<SpanKind, opentelemetry.proto.trace.v1.Span.SpanKind>> = {
  internal: Span.SpanKind.SPAN_KIND_INTERNAL,
  server: Span.SpanKind.SPAN_KIND_SERVER,
  client: Span.SpanKind.SPAN_KIND_CLIENT,
};

/** Bits of a span's flags, beyond those of trace context. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;
const SAMPLED = 0x01;

/** The request that hands spans to a collector. `resource`: what they are of. */
export function encodeSpans(spans: readonly FinishedSpan[], resource: Attributes): Uint8Array {
  const byScope = Map.groupBy(spans, ({ scope }) => scope);
  const scope_spans = Array.from(byScope, ([scope, those]) => ({
    scope: { name: scope === '' ? 'tsbuildx' : scope },
    spans: those.map(spanMessage),
  }));
  const resource_spans = [{ resource: { attributes: keyValues(resource) }, scope_spans }];
  return ExportTraceServiceRequest.encode({ resource_spans }).finish();
}

function spanMessage(span: FinishedSpan): opentelemetry.proto.trace.v1.Span.$Properties {
  const { context, parent, error } = span;
  return {
    trace_id: Buffer.from(context.traceId, 'hex'),
    span_id: Buffer.from(context.spanId, 'hex'),
    trace_state: context.state,
    parent_span_id: Buffer.from(parent?.spanId ?? '', 'hex'),
    name: span.name,
    kind: KINDS[span.kind],
    start_time_unix_nano: toLong(span.start),
    end_time_unix_nano: toLong(span.end),
    attributes: keyValues(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      time_unix_nano: toLong(time),
      attributes: keyValues(attributes),
    })),
    status: error === undefined ? {} : { code: Status.StatusCode.STATUS_CODE_ERROR, message: error },
    flags: SAMPLED | HAS_IS_REMOTE | (span.isParentRemote ? IS_REMOTE : 0),
  };
}
