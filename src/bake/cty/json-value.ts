// Matches go-cty's json package: values from JSON, of the type that the JSON implies or of a given one.
import { goQuote } from '../../base/go-quote.ts';
import { ConversionError, convertValue, type Path } from './convert-value.ts';
import { type JsonNode, parseJson } from './json-text.ts';
import { parseNumber } from './parse-number.ts';
import {
  at,
  boolType,
  dynamicType,
  listType,
  mapType,
  numberType,
  type ObjectType,
  objectType,
  setType,
  stringType,
  type TupleType,
  tupleType,
  type Type,
  typesEqual,
} from './type.ts';
import {
  boolValue,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  type Value,
} from './value.ts';

/** The value of a JSON text with the type that it implies, arrays as tuples. Throws INVALID_ARGUMENT for what is no JSON. */
export function valueFromJson(text: string): Value {
  const node = parseJson(text);
  return valueOf(node, typeOf(node), []);
}

/**
 * The value of a JSON text as that type; where the type is dynamic, the text must be `{"value":…,"type":…}`.
 * Throws INVALID_ARGUMENT for what is no JSON, ConversionError for what is of another type.
 */
export function typedValueFromJson(text: string, type: Type): Value {
  return valueOf(parseJson(text), type, []);
}

function typeOf(node: JsonNode): Type {
  switch (node.kind) {
    case 'null':
      return dynamicType;
    case 'bool':
      return boolType;
    case 'number':
      return numberType;
    case 'string':
      return stringType;
    case 'array':
      return tupleType(node.items.map(typeOf));
    default:
      return typeOfObject(node.members);
  }
}

function typeOfObject(members: readonly (readonly [name: string, value: JsonNode])[]): Type {
  const attributes = new Map<string, Type>();
  for (const [name, node] of members) {
    const type = typeOf(node);
    const before = attributes.get(name);
    if (before !== undefined && !typesEqual(before, type)) {
      throw new ConversionError(`duplicate ${goQuote(name)} property in JSON object`);
    }
    attributes.set(name, type);
  }
  return objectType(attributes);
}

function valueOf(node: JsonNode, type: Type, path: Path): Value {
  if (node.kind === 'null') return nullValue(type);
  switch (type.kind) {
    case 'dynamic':
      return describedValue(node, path);
    case 'string':
    case 'number':
    case 'bool':
      return primitiveOf(node, type.kind, path);
    case 'list':
    case 'set': {
      const elements = itemsOf(node, path).map((item, i) => valueOf(item, type.element, [...path, i]));
      return type.kind === 'list' ? listValue(elements, type.element) : setValue(elements, type.element);
    }
    case 'map':
      return mapValue(
        membersOf(node, path).map(([name, item]) => [name, valueOf(item, type.element, [...path, name])] as const),
        type.element,
      );
    case 'tuple':
      return tupleOf(itemsOf(node, path), type, path);
    case 'object':
      return objectOf(membersOf(node, path), type, path);
    default:
      throw new ConversionError(`unsupported type ${type.name}`, path);
  }
}

function primitiveOf(node: JsonNode, kind: 'string' | 'number' | 'bool', path: Path): Value {
  if (kind === 'bool') {
    if (node.kind === 'bool') return boolValue(node.value);
    if (node.kind === 'string') return convertValue(stringValue(node.text), boolType);
    throw new ConversionError('bool is required', path);
  }
  if (kind === 'number') {
    if (node.kind !== 'number' && node.kind !== 'string') throw new ConversionError('number is required', path);
    const number = parseNumber(node.text);
    if (number === undefined) throw new ConversionError('a number is required', path);
    return numberValue(number);
  }
  if (node.kind === 'string' || node.kind === 'number') return stringValue(node.text);
  if (node.kind === 'bool') return stringValue(String(node.value));
  throw new ConversionError('string is required', path);
}

function itemsOf(node: JsonNode, path: Path): readonly JsonNode[] {
  if (node.kind !== 'array') throw new ConversionError('missing expected [', path);
  return node.items;
}

function membersOf(node: JsonNode, path: Path): readonly (readonly [name: string, value: JsonNode])[] {
  if (node.kind !== 'object') throw new ConversionError('missing expected {', path);
  return node.members;
}

function tupleOf(items: readonly JsonNode[], { elements }: TupleType, path: Path): Value {
  if (items.length !== elements.length) {
    const amount = items.length > elements.length ? 'too many' : 'not enough';
    throw new ConversionError(`${amount} tuple elements (need ${elements.length})`, path);
  }
  return tupleValue(items.map((item, i) => valueOf(item, at(elements, i), [...path, i])));
}

function objectOf(
  members: readonly (readonly [name: string, value: JsonNode])[],
  { attributes }: ObjectType,
  path: Path,
): Value {
  const values = new Map<string, Value>();
  for (const [name, item] of members) {
    const type = attributes.get(name);
    if (type === undefined) throw new ConversionError(`unsupported attribute ${goQuote(name)}`, path);
    values.set(name, valueOf(item, type, [...path, name]));
  }
  for (const [name, type] of attributes) if (!values.has(name)) values.set(name, nullValue(type));
  return objectValue(values);
}

/** `{"value":…,"type":…}`. */
function describedValue(node: JsonNode, path: Path): Value {
  let type: Type | undefined;
  let value: JsonNode | undefined;
  for (const [name, item] of membersOf(node, path)) {
    if (name === 'type') type = describedType(item);
    else if (name === 'value') value = item;
    else throw new ConversionError(`invalid key ${goQuote(name)} in dynamically-typed value`, path);
  }
  if (type === undefined) throw new ConversionError('missing type in dynamically-typed value', path);
  if (value === undefined) throw new ConversionError('missing value in dynamically-typed value', path);
  return valueOf(value, type, path);
}

const primitives: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['string', stringType],
  ['number', numberType],
  ['bool', boolType],
  ['dynamic', dynamicType],
]);

/** A type written as JSON: `"string"`, `["list","string"]`, `["object",{"a":"number"}]`. */
function describedType(node: JsonNode): Type {
  if (node.kind === 'string') {
    const primitive = primitives.get(node.text);
    if (primitive !== undefined) return primitive;
    throw undecodable(`invalid primitive type name ${goQuote(node.text)}`);
  }
  if (node.kind !== 'array') throw undecodable('invalid complex type description');
  const [kind, inner, optional, ...more] = node.items;
  if (kind?.kind !== 'string') throw undecodable('invalid complex type kind name');
  if (inner === undefined || more.length > 0) throw undecodable('unexpected extra data in type description');
  if (kind.text === 'object') return describedObject(inner, optional);
  if (optional !== undefined) throw undecodable('unexpected extra data in type description');
  if (kind.text === 'list') return listType(describedType(inner));
  if (kind.text === 'set') return setType(describedType(inner));
  if (kind.text === 'map') return mapType(describedType(inner));
  if (kind.text === 'tuple' && inner.kind === 'array') return tupleType(inner.items.map(describedType));
  throw undecodable('invalid complex type kind name');
}

function describedObject(node: JsonNode, optional: JsonNode | undefined): Type {
  if (node.kind !== 'object') throw undecodable('invalid complex type description');
  const names = optional?.kind === 'array' ? optional.items : [];
  return objectType(
    node.members.map(([name, type]) => [name, describedType(type)] as const),
    new Set(names.map((name) => (name.kind === 'string' ? name.text : ''))),
  );
}

function undecodable(why: string): ConversionError {
  return new ConversionError(`failed to decode type for dynamic value: ${why}`);
}
