// The trace that a daemon keeps of a build. Matches buildx util/otelutil/span.go: JSON objects, one after the other.
import { listMember, member, members, textMember } from '../base/json-object.ts';
import type { UnixNano } from '../buildkit/control/index.ts';
import { isSampled, noTrace, numberMember, spanDocuments, spanIds, timeMember } from './trace-json.ts';

/** One timed piece of work, as OpenTelemetry has it. */
export interface Span extends SpanRef {
  readonly parent: SpanRef;
  readonly name: string;
  readonly kind: SpanKind;
  /** Of `SpanContext.TraceFlags`: 1 when it was sampled. */
  readonly flags: number;
  readonly start: UnixNano;
  readonly end: UnixNano;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanRef[];
  readonly status: { readonly code: 'unset' | 'error' | 'ok'; readonly description: string };
  /** Who did it. */
  readonly resource: readonly Attribute[];
  readonly scope: { readonly name: string; readonly version: string };
}

/** Names a span; both ids are zeros where there is none. */
export interface SpanRef {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface SpanEvent {
  readonly name: string;
  readonly time: UnixNano;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributes: number;
}

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

/** `int64` and `float64` are told apart; lists are of one type. */
export type AttributeValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int64' | 'float64'; readonly value: number }
  | { readonly type: 'list'; readonly value: readonly (string | number | boolean)[] };

const SPAN_LIMIT = 200_000;
const NO_SPAN = { traceId: '0'.repeat(32), spanId: '0'.repeat(16) };
const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Throws PROTOCOL for what is no trace. */
export function readSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const document of spanDocuments(text)) {
    if (spans.length === SPAN_LIMIT) throw noTrace(`more than ${SPAN_LIMIT} spans`);
    spans.push(readSpan(document));
  }
  return spans;
}

/** Whether it stands for a span. */
export function isSpanRef({ spanId }: SpanRef): boolean {
  return spanId !== NO_SPAN.spanId;
}

/** The text of `service.name`, empty without one. */
export function serviceOf({ resource }: Pick<Span, 'resource'>): string {
  const name = resource.find(({ key }) => key === 'service.name')?.value;
  return name?.type === 'string' ? name.value : '';
}

function readSpan(value: unknown): Span {
  const context = member(value, 'SpanContext');
  const status = member(value, 'Status');
  const scope = member(value, 'InstrumentationLibrary');
  return {
    ...spanIds(context, 'spanCtx'),
    parent: spanIds(member(value, 'Parent'), 'parent'),
    name: textMember(value, 'Name'),
    kind: kinds[numberMember(value, 'SpanKind')] ?? 'unspecified',
    flags: isSampled(context) ? 1 : 0,
    start: timeMember(value, 'StartTime').unixNano,
    end: timeMember(value, 'EndTime').unixNano,
    attributes: readAttributes(value, 'Attributes'),
    events: (listMember(value, 'Events') ?? []).map((event) => ({
      name: textMember(event, 'Name'),
      time: timeMember(event, 'Time').unixNano,
      attributes: readAttributes(event, 'Attributes'),
      droppedAttributes: numberMember(event, 'DroppedAttributeCount'),
    })),
    links: (listMember(value, 'Links') ?? []).map((link) => spanIds(member(link, 'SpanContext'), 'linkSpanCtx')),
    status: { code: readStatus(member(status, 'Code')), description: textMember(status, 'Description') },
    resource: readAttributes(value, 'Resource'),
    scope: { name: textMember(scope, 'Name'), version: textMember(scope, 'Version') },
  };
}

/** Go's codes are numbers, and names in later versions. */
function readStatus(code: unknown): Span['status']['code'] {
  if (code === 1 || code === 'Error') return 'error';
  return code === 2 || code === 'Ok' ? 'ok' : 'unset';
}

function readAttributes(value: unknown, name: string): Attribute[] {
  return (listMember(value, name) ?? []).map((attribute) => {
    const typed = member(attribute, 'Value');
    return {
      key: textMember(attribute, 'Key'),
      value: readValue(textMember(typed, 'Type'), member(typed, 'Value')),
    };
  });
}

/** A value of a type that is not known, or of another type than it says, becomes a text: better than no trace at all. */
function readValue(type: string, value: unknown): AttributeValue {
  if (Array.isArray(value)) return { type: 'list', value: value.map(plainItem) };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') {
    return type === 'FLOAT64' ? { type: 'float64', value } : { type: 'int64', value: Math.trunc(value) };
  }
  return { type: 'string', value: typeof value === 'string' ? value : (JSON.stringify(value) ?? '') };
}

function plainItem(item: unknown): string | number | boolean {
  if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return item;
  return members(item).length > 0 ? JSON.stringify(item) : '';
}
