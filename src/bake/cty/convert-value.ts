// Matches the convert package of go-cty: values from one type to another, with its error texts.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { chosenElementType, isConvertible, type Safety, type Unification } from './convertible.ts';
import { replaceDynamic } from './dynamic-replace.ts';
import { formatNumber } from './format-number.ts';
import { mismatchMessage } from './mismatch.ts';
import { parseNumber } from './parse-number.ts';
import {
  at,
  type CollectionType,
  dynamicType,
  type ObjectType,
  type Type,
  typesEqual,
  withoutOptionalAttributes,
} from './type.ts';
import {
  boolValue,
  commonElementType,
  dynamicValue,
  lengthOf,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from './value.ts';

/** Where in a value: an attribute, a key or an index on each level. */
export type Path = readonly (string | number)[];

/** A value that is not of the wanted type; `path` leads to the part that is wrong. */
export class ConversionError extends TsbuildxError {
  override readonly name: string = 'ConversionError';
  readonly path: Path;

  constructor(message: string, path: Path = []) {
    super('INVALID_ARGUMENT', message);
    this.path = path;
  }
}

/** The value as one of that type. Throws ConversionError. */
export function convertValue(value: Value, type: Type): Value {
  if (typesEqual(value.type, withoutOptionalAttributes(type))) return value;
  if (!isConvertible(value.type, type, 'unsafe')) throw new ConversionError(mismatchMessage(value.type, type));
  return convert(value, type, { safety: 'unsafe', path: [] });
}

/** A value of one of the types that were unified, as one of the common type. Throws ConversionError. */
export function convertUnified(value: Value, { type, isErased }: Unification): Value {
  return isErased ? dynamicValue : convertValue(value, type);
}

interface Place {
  readonly safety: Safety;
  readonly path: Path;
}

function below({ safety, path }: Place, step: string | number): Place {
  return { safety, path: [...path, step] };
}

/** Converts where the types allow it; a part that has the wanted type already stays as it is. */
function convertPart(value: Value, type: Type, place: Place): Value {
  return typesEqual(value.type, type) ? value : convert(value, type, place);
}

function convert(value: Value, type: Type, place: Place): Value {
  if (type.kind === 'dynamic') return value;
  if (!value.isPresent) {
    const result = replaceDynamic(value.type, withoutOptionalAttributes(type));
    return value.isKnown ? nullValue(result) : unknownValue(result);
  }
  switch (type.kind) {
    case 'string':
      return stringValue(value.type.kind === 'number' ? formatNumber(value.asNumber()) : String(value.asBool()));
    case 'number':
      return toNumber(value.asString(), place);
    case 'bool':
      return toBool(value.asString(), place);
    case 'object':
      return value.type.kind === 'map' ? mapToObject(value, type, place) : objectToObject(value, type, place);
    case 'tuple':
      return tupleValue(value.asElements().map((v, i) => convertPart(v, at(type.elements, i), below(place, i))));
    case 'list':
    case 'set':
      return toSequence(value, type, place);
    case 'map':
      return toMap(value, type, place);
    default:
      throw new ConversionError(mismatchMessage(value.type, type), place.path);
  }
}

function toNumber(text: string, place: Place): Value {
  const number = parseNumber(text);
  if (number === undefined) throw new ConversionError('a number is required', place.path);
  return numberValue(number);
}

function toBool(text: string, place: Place): Value {
  if (text === 'true' || text === '1') return boolValue(true);
  if (text === 'false' || text === '0') return boolValue(false);
  const lower = text.toLowerCase();
  const isNear = lower === 'true' || lower === 'false';
  const advice = isNear ? `; to convert from string, use lowercase ${goQuote(lower)}` : '';
  throw new ConversionError(`a bool is required${advice}`, place.path);
}

function objectToObject(value: Value, type: ObjectType, place: Place): Value {
  const members = new Map<string, Value>();
  for (const [name, member] of value.asMembers()) {
    const want = type.attributes.get(name);
    if (want !== undefined) members.set(name, bare(convertPart(member, want, below(place, name))));
  }
  return objectValue(withMissing(members, type));
}

/** Null for optional attributes that are not there. */
function withMissing(members: Map<string, Value>, type: ObjectType): Map<string, Value> {
  for (const name of type.optional) {
    const want = type.attributes.get(name) ?? dynamicType;
    if (!members.has(name)) members.set(name, nullValue(withoutOptionalAttributes(want)));
  }
  return members;
}

function mapToObject(value: Value, type: ObjectType, place: Place): Value {
  const members = new Map<string, Value>();
  for (const [name, member] of value.asMembers()) {
    const want = type.attributes.get(name);
    if (want === undefined) continue;
    if (!typesEqual(member.type, want) && !isConvertible(member.type, want, place.safety)) {
      const why = mismatchMessage(member.type, want);
      throw new ConversionError(`map element type is incompatible with attribute ${goQuote(name)}: ${why}`, place.path);
    }
    members.set(name, bare(convertPart(member, want, below(place, name))));
  }
  for (const name of type.attributes.keys()) {
    if (members.has(name) || type.optional.has(name)) continue;
    throw new ConversionError(`map has no element for required attribute ${goQuote(name)}`, place.path);
  }
  return objectValue(withMissing(members, type));
}

/** Nulls carry no marks of optional attributes in their type. */
function bare(value: Value): Value {
  return value.isNull ? nullValue(withoutOptionalAttributes(value.type)) : value;
}

/** A list or set out of a list, set or tuple. */
function toSequence(value: Value, type: CollectionType, place: Place): Value {
  const isTuple = value.type.kind === 'tuple';
  if (!isTuple && type.kind === 'list' && lengthOf(value) === undefined) return unknownValue(type);
  const element = isTuple ? tupleElement(value, type, place) : type.element;
  const converted = value.asElements().map((v, i) => bare(convertPart(v, element, below(place, i))));
  const elements = isTuple && type.kind === 'list' ? unifyElements(converted, place) : converted;
  const empty = emptyElement(value.type, type);
  if (commonElementType(elements) === undefined) {
    throw new ConversionError(`element types must all match for conversion to ${type.kind}`, place.path);
  }
  return type.kind === 'list' ? listValue(elements, empty) : setValue(elements, empty);
}

function tupleElement(value: Value, type: CollectionType, place: Place): Type {
  const types = value.type.kind === 'tuple' ? value.type.elements : [];
  return chosenElementType(types, type, place.safety) ?? type.element;
}

/** The element type of a collection without elements: a concrete one where there is one. */
function emptyElement(from: Type, to: CollectionType): Type {
  const isOpen = to.element.kind === 'dynamic' && 'element' in from;
  return withoutOptionalAttributes(isOpen ? from.element : to.element);
}

function toMap(value: Value, type: CollectionType, place: Place): Value {
  const attributes = value.type.kind === 'object' ? [...value.type.attributes.values()] : undefined;
  const element = (attributes && chosenElementType(attributes, type, place.safety)) ?? type.element;
  const names = [...value.asMembers().keys()];
  const converted = Array.from(value.asMembers(), ([name, v]) => convertPart(v, element, below(place, name)));
  const isDeep = 'element' in element || element.kind === 'object';
  const members = isDeep ? unifyElements(converted, place) : converted;
  if (commonElementType(members) === undefined) {
    const what = attributes === undefined ? 'element' : 'attribute';
    throw new ConversionError(`${what} types must all match for conversion to map`, place.path);
  }
  return mapValue(
    members.map((member, i) => [at(names, i), member] as const),
    emptyElement(value.type, type),
  );
}

/** Elements that came out with different types, where the wanted type left it open, get one that fits all. */
function unifyElements(elements: readonly Value[], place: Place): readonly Value[] {
  if (elements.length === 0) return elements;
  const types = elements.map((element) => element.type);
  const type = chosenElementType(types, { kind: 'map', element: dynamicType }, place.safety);
  if (type === undefined) throw new ConversionError('cannot find a common base type for all elements', place.path);
  return elements.map((element) => convertPart(element, type, place));
}
