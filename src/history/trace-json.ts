// What readers of a daemon's trace have in common. Matches buildx util/otelutil/span.go: JSON objects, one after the other.
import { TsbuildxError, wrap } from '../base/errors.ts';
import { type GoTime, parseGoTime } from '../base/go-time.ts';
import { jsonDocuments } from '../base/json-documents.ts';
import { member, textMember } from '../base/json-object.ts';

/** Bytes of a trace that are read at most: it is read into memory. */
export const TRACE_LIMIT: number = 256 << 20;

/** The spans of a trace, as they stand there. Throws PROTOCOL for what is no JSON. */
export function* spanDocuments(text: string): Generator {
  for (const json of jsonDocuments(text)) yield parse(json);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw wrap('PROTOCOL', 'error decoding JSON', error);
  }
}

/** The ids of a span, 32 and 16 hexadecimal digits. `what`: whose. Throws PROTOCOL. */
export function spanIds(context: unknown, what: string): { readonly traceId: string; readonly spanId: string } {
  const [traceId, spanId] = [textMember(context, 'TraceID'), textMember(context, 'SpanID')];
  if (!/^[0-9a-f]{32}$/.test(traceId)) throw noTrace(`unable to decode ${what}: unable to parse trace id`);
  if (!/^[0-9a-f]{16}$/.test(spanId)) throw noTrace(`unable to decode ${what}: unable to parse span id`);
  return { traceId, spanId };
}

/** Whether `SpanContext.TraceFlags` says that the span was sampled. */
export function isSampled(context: unknown): boolean {
  return textMember(context, 'TraceFlags') === '01';
}

/** Throws PROTOCOL. */
export function timeMember(value: unknown, name: string): GoTime {
  const text = textMember(value, name);
  const time = parseGoTime(text);
  if (time === undefined) throw noTrace(`unable to decode ${name}: ${JSON.stringify(text)} is no time`);
  return time;
}

/** 0 where there is none. */
export function numberMember(value: unknown, name: string): number {
  const found = member(value, name);
  return typeof found === 'number' ? found : 0;
}

/** What is told of something that is no trace. */
export function noTrace(why: string): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `error decoding JSON: ${why}`);
}
