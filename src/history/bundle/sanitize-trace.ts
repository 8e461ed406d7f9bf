// Matches buildx util/desktop/bundle/trace.go and util/otelutil/span.go: the daemon's spans as buildx reads and writes them again,
// with what looks like a token left out.
import { type GoJsonValue } from '../../base/go-json.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import { goTimeJson } from '../../base/go-time.ts';
import { isJsonObject, listMember, member, textMember } from '../../base/json-object.ts';
import { isSampled, numberMember, spanDocuments, spanIds, timeMember } from '../trace-json.ts';

/** @param text JSON objects, one after the other. Throws PROTOCOL for what is no trace. */
export function sanitizeTrace(text: string): string {
  const spans: string[] = [];
  for (const span of spanDocuments(text)) spans.push(`${goJsonIndented(spanJson(span))}\n`);
  return spans.join('');
}

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(ghtoken|token|access_key_id|secret_access_key|session_token)=[^ ,]+/giu, '$1=xxxxx'],
  [/(?:ghu|ghs)_[A-Za-z0-9]{36}/g, 'xxxxx'],
  [/github_pat_\w{82}/g, 'xxxxx'],
];

function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}

function spanJson(span: unknown): GoJsonValue {
  const status = member(span, 'Status');
  const scope = member(span, 'InstrumentationLibrary');
  return {
    Name: textMember(span, 'Name'),
    SpanContext: contextJson(member(span, 'SpanContext'), 'spanCtx'),
    Parent: contextJson(member(span, 'Parent'), 'parent'),
    SpanKind: numberMember(span, 'SpanKind'),
    StartTime: goTimeJson(timeMember(span, 'StartTime')),
    EndTime: goTimeJson(timeMember(span, 'EndTime')),
    Attributes: attributesJson(span, 'Attributes', withoutSecrets),
    Events: listJson(span, 'Events', (event) => ({
      Name: textMember(event, 'Name'),
      Attributes: attributesJson(event, 'Attributes', withoutSecrets),
      DroppedAttributeCount: numberMember(event, 'DroppedAttributeCount'),
      Time: goTimeJson(timeMember(event, 'Time')),
    })),
    Links: listJson(span, 'Links', (link) => ({
      SpanContext: contextJson(member(link, 'SpanContext'), 'linkSpanCtx'),
      Attributes: attributesJson(link, 'Attributes'),
      DroppedAttributeCount: numberMember(link, 'DroppedAttributeCount'),
    })),
    Status: { Code: statusCode(member(status, 'Code')), Description: textMember(status, 'Description') },
    DroppedAttributes: numberMember(span, 'DroppedAttributes'),
    DroppedEvents: numberMember(span, 'DroppedEvents'),
    DroppedLinks: numberMember(span, 'DroppedLinks'),
    ChildSpanCount: numberMember(span, 'ChildSpanCount'),
    Resource: attributesJson(span, 'Resource'),
    InstrumentationLibrary: {
      Name: textMember(scope, 'Name'),
      Version: textMember(scope, 'Version'),
      SchemaURL: textMember(scope, 'SchemaURL'),
      Attributes: {},
    },
  };
}

/** A list without items is `null`, as a Go slice that nothing was put into. */
function listJson(value: unknown, name: string, write: (item: unknown) => GoJsonValue): GoJsonValue {
  const items = listMember(value, name) ?? [];
  return items.length === 0 ? null : items.map(write);
}

function contextJson(context: unknown, what: string): GoJsonValue {
  const { traceId: TraceID, spanId: SpanID } = spanIds(context, what);
  const TraceFlags = isSampled(context) ? '01' : '00';
  return { TraceID, SpanID, TraceFlags, TraceState: '', Remote: member(context, 'Remote') === true };
}

function attributesJson(value: unknown, name: string, clean = (text: string): string => text): GoJsonValue {
  return listJson(value, name, (attribute) => {
    const typed = member(attribute, 'Value');
    const Type = textMember(typed, 'Type');
    return {
      Key: textMember(attribute, 'Key'),
      Value: { Type, Value: valueJson(member(typed, 'Value'), Type, clean) },
    };
  });
}

/** Values of types that buildx does not know go as they came. */
function valueJson(value: unknown, type: string, clean: (text: string) => string): GoJsonValue {
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') return type.startsWith('FLOAT64') ? value : BigInt(Math.trunc(value));
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => valueJson(item, type, clean));
  if (!isJsonObject(value)) return null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueJson(item, type, clean)]));
}

/** Codes are names in newer versions of Go's library. */
function statusCode(code: unknown): number {
  if (typeof code === 'number') return code;
  return code === 'Error' ? 1 : code === 'Ok' ? 2 : 0;
}
