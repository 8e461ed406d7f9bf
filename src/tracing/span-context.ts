// Matches go.opentelemetry.io/otel propagation/trace_context.go: what W3C trace context says, and nothing beyond.

/** Names a span, also one of another program. */
export interface SpanContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
  /** What other systems of tracing hand on; empty for most. */
  readonly state: string;
}

const SAMPLED = 0x01;
const MAX_FLAGS = 0x03;
const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/s;
const MAX_MEMBERS = 32;
const STATE_KEY = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
const STATE_VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** The span that a `traceparent` names; undefined when it names none. A `tracestate` that is not valid is dropped. */
export function parseTraceParent(traceparent: string | undefined, tracestate = ''): SpanContext | undefined {
  const [text, version, traceId = '', spanId = '', flagDigits = ''] = PARENT.exec(traceparent ?? '') ?? [];
  if (text === undefined || version === undefined || version === 'ff') return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  const flags = Number.parseInt(flagDigits, 16);
  if (version === '00' && (text.length !== '00-'.length + 32 + 1 + 16 + 1 + 2 || flags > MAX_FLAGS)) return undefined;
  return { traceId, spanId, sampled: (flags & SAMPLED) !== 0, state: validState(tracestate) };
}

/** The value of a `traceparent` header. */
export function formatTraceParent({ traceId, spanId, sampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** The headers that make a peer's spans children of this one. */
export function traceHeaders(context: SpanContext): Readonly<Record<string, string>> {
  const traceparent = formatTraceParent(context);
  return context.state === '' ? { traceparent } : { tracestate: context.state, traceparent };
}

function isZero(id: string): boolean {
  return /^0*$/.test(id);
}

function validState(text: string): string {
  const members = text
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  const keys = new Set<string>();
  for (const member of members) {
    const at = member.indexOf('=');
    const key = member.slice(0, Math.max(at, 0));
    if (!STATE_KEY.test(key) || !STATE_VALUE.test(member.slice(at + 1)) || keys.has(key)) return '';
    keys.add(key);
  }
  return members.length > MAX_MEMBERS ? '' : members.join(',');
}
