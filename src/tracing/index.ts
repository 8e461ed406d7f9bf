export { keyValues } from './attributes-codec.ts';
export { currentSpan, inSpan, withSpan } from './current-span.ts';
export { endHttpSpan, startHttpSpan } from './http-span.ts';
export { resourceOf } from './resource.ts';
export { endRpcSpan, startClientSpan, startServerSpan } from './rpc-span.ts';
export { samplerOf } from './sampler.ts';
export type { Attributes, AttributeValue, FinishedSpan, Span, SpanEvent, SpanKind, SpanOptions } from './span.ts';
export { formatTraceParent, parseTraceParent, type SpanContext, traceHeaders } from './span-context.ts';
export { type SpanBatch, type SpanSink, Trace, type TraceOptions } from './trace.ts';
