// Spans as Jaeger's user interface imports them. Matches buildx util/otelutil/jaeger.go and jaeger/convert.go.
import type { GoJsonValue } from '../base/go-json.ts';
import { goJsonIndented } from '../base/go-json-indent.ts';
import { type Attribute, type AttributeValue, type Span, serviceOf } from './spans.ts';

type Fields = Readonly<Record<string, GoJsonValue>>;

/** A file for Jaeger with one trace for each list of spans. */
export function jaegerJson(traces: readonly (readonly Span[])[]): string {
  return `${goJsonIndented({ data: traces.map(jaegerTrace) })}\n`;
}

/** One trace, named after its first span. */
function jaegerTrace(spans: readonly Span[]): Fields {
  const processes = spans.map((span, index): [string, GoJsonValue] => [`p${index}`, jaegerProcess(span)]);
  return {
    traceID: spans[0]?.traceId ?? '',
    spans: spans.map(jaegerSpan),
    processes: new Map(processes),
    warnings: null,
  };
}

function jaegerProcess(span: Span): Fields {
  const latest = new Map(span.resource.map(({ key, value }) => [key, value]));
  latest.delete('service.name');
  const tags = [...latest].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => jaegerTag({ key, value }));
  return { serviceName: serviceOf(span) || 'unknown_service:tsbuildx', tags: tags.length === 0 ? null : tags };
}

function jaegerSpan(span: Span, index: number): Fields {
  const { parent } = span;
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    ...(span.flags === 0 ? {} : { flags: span.flags }),
    operationName: span.name,
    references: [
      ...span.links.map(({ traceId, spanId }) => ({ refType: 'FOLLOWS_FROM', traceID: traceId, spanID: spanId })),
      { refType: 'CHILD_OF', traceID: parent.traceId, spanID: parent.spanId },
    ],
    startTime: microseconds(span.start),
    duration: microseconds(span.end - span.start),
    tags: [...span.attributes.map(jaegerTag), ...scopeTags(span), ...statusTags(span)],
    logs:
      span.events.length === 0
        ? null
        : span.events.map(({ name, time, attributes, droppedAttributes }) => ({
            timestamp: microseconds(time),
            fields: [
              ...(name === '' ? [] : [textTag('event', name)]),
              ...attributes.map(jaegerTag),
              ...(droppedAttributes === 0
                ? []
                : [{ key: 'otel.event.dropped_attributes_count', type: 'int64', value: droppedAttributes }]),
            ],
          })),
    processID: `p${index}`,
    warnings: null,
  };
}

function scopeTags({ scope, kind }: Span): Fields[] {
  const tags: Fields[] = [];
  if (scope.name !== '') {
    tags.push(textTag('otel.library.name', scope.name));
    if (scope.version !== '') tags.push(textTag('otel.library.version', scope.version));
  }
  if (kind !== 'internal') tags.push(textTag('span.kind', kind));
  return tags;
}

function statusTags({ status: { code, description } }: Span): Fields[] {
  if (code === 'unset') return [];
  const tags =
    code === 'ok'
      ? [textTag('otel.status_code', 'OK')]
      : [{ key: 'error', type: 'bool', value: true }, textTag('otel.status_code', 'ERROR')];
  return description === '' ? tags : [...tags, textTag('otel.status_description', description)];
}

function jaegerTag({ key, value }: Attribute): Fields {
  return value.type === 'list'
    ? textTag(key, JSON.stringify(value.value))
    : { key, type: value.type, value: value.value };
}

/** As Go's JSON has the value of an attribute, for people. */
export function attributeText(value: AttributeValue): string {
  return value.type === 'list' ? JSON.stringify(value.value) : String(value.value);
}

function textTag(key: string, value: string): Fields {
  return { key, type: 'string', value };
}

/** An unsigned number, as Go converts it. */
function microseconds(nanoseconds: bigint): bigint {
  return BigInt.asUintN(64, nanoseconds / 1000n);
}
