// Matches Go's encoding/json, without its escapes for HTML: docker's function `json`.
import { assertNever } from '../../../../base/errors.ts';
import { goJson, type GoJsonValue, unescapedGoJson } from '../../../../base/go-json.ts';
import { isNil, type GoValue, type StructField } from './go-value.ts';

/** One value as JSON. Throws Error for what JSON cannot say. */
export function jsonText(value: GoValue | undefined): string {
  if (value === undefined) return 'null';
  // what an object writes of itself is escaped by its own encoder
  const own = value.json ?? (value.kind === 'pointer' ? value.target?.json : undefined);
  return own === undefined ? unescapedGoJson(jsonOf(value)) : goJson(own());
}

/** What `jsonText` writes. Throws Error for what JSON cannot say. */
export function jsonOf(value: GoValue): GoJsonValue {
  if (value.json !== undefined) return value.json();
  switch (value.kind) {
    case 'bool':
    case 'string':
    case 'int':
    case 'uint':
      return value.value;
    case 'float':
      if (!Number.isFinite(value.value)) throw new Error(`json: unsupported value: ${floatName(value.value)}`);
      return value.value;
    case 'slice':
      return listJson(value.items, value.type.element.name === 'uint8');
    case 'map':
      return value.entries === undefined
        ? null
        : new Map([...value.entries].map(([key, item]): [string, GoJsonValue] => [key, jsonOf(item)]));
    case 'struct':
      return Object.fromEntries(fieldsOf(value.fields));
    case 'pointer':
      return value.target === undefined ? null : jsonOf(value.target);
    case 'interface':
      return value.inner === undefined ? null : jsonOf(value.inner);
    case 'complex':
    case 'func':
      throw new Error(`json: unsupported type: ${value.type.name}`);
    default:
      return assertNever(value);
  }
}

function floatName(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function listJson(items: readonly GoValue[] | undefined, areBytes: boolean): GoJsonValue {
  if (items === undefined) return null;
  if (!areBytes) return items.map(jsonOf);
  return Buffer.from(items.map((item) => (item.kind === 'uint' ? Number(item.value) : 0))).toString('base64');
}

function fieldsOf(fields: readonly StructField[]): readonly (readonly [string, GoJsonValue])[] {
  return fields.flatMap((field) => {
    const value = field.get();
    if (field.isEmbedded) {
      const inner = value.kind === 'pointer' ? value.target : value;
      return inner?.kind === 'struct' ? fieldsOf(inner.fields) : [];
    }
    const isLeft = field.json === undefined || (field.omitEmpty && isEmpty(value));
    return isLeft ? [] : [[field.json ?? '', jsonOf(value)]];
  });
}

function isEmpty(value: GoValue): boolean {
  switch (value.kind) {
    case 'bool':
      return !value.value;
    case 'int':
    case 'uint':
      return value.value === 0n;
    case 'float':
      return value.value === 0;
    case 'string':
      return value.value === '';
    case 'slice':
      return (value.items?.length ?? 0) === 0;
    case 'map':
      return (value.entries?.size ?? 0) === 0;
    default:
      return isNil(value);
  }
}
