// Matches go-cty's values: each has a type, and is known, unknown or null. Immutable.
import { TsbuildxError } from '../../base/errors.ts';
import { BigFloat } from './big-float.ts';
import { sortSetElements } from './set-order.ts';
import {
  boolType,
  dynamicType,
  listType,
  mapType,
  numberType,
  objectType,
  setType,
  sortedByName,
  stringType,
  tupleType,
  type Type,
  typesEqual,
} from './type.ts';

type Content =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'null' }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: BigFloat }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'elements'; readonly value: readonly Value[] }
  | { readonly kind: 'members'; readonly value: ReadonlyMap<string, Value> };

/** A value. The `as…` getters throw a TypeError for what is null, unknown or of another type: a fault of the caller. */
export class Value {
  readonly type: Type;
  readonly #content: Content;

  /** Use the constructor functions of this module. */
  constructor(type: Type, content: Content) {
    this.type = type;
    this.#content = content;
  }

  get isKnown(): boolean {
    return this.#content.kind !== 'unknown';
  }

  get isNull(): boolean {
    return this.#content.kind === 'null';
  }

  /** Known and not null. */
  get isPresent(): boolean {
    return this.isKnown && !this.isNull;
  }

  /** Neither the value nor anything inside is unknown. */
  get isWhollyKnown(): boolean {
    const content = this.#content;
    if (content.kind === 'elements') return content.value.every((element) => element.isWhollyKnown);
    if (content.kind === 'members') return [...content.value.values()].every((member) => member.isWhollyKnown);
    return content.kind !== 'unknown';
  }

  asString(): string {
    return this.#content.kind === 'string' ? this.#content.value : this.#misused('string');
  }

  asNumber(): BigFloat {
    return this.#content.kind === 'number' ? this.#content.value : this.#misused('number');
  }

  asBool(): boolean {
    return this.#content.kind === 'bool' ? this.#content.value : this.#misused('bool');
  }

  /** Elements of a list, set (in its order) or tuple; members of a map or object, by key. */
  asElements(): readonly Value[] {
    if (this.#content.kind === 'members') return [...this.#content.value.values()];
    return this.#content.kind === 'elements' ? this.#content.value : this.#misused('sequence');
  }

  /** Members of a map or object, sorted by key. */
  asMembers(): ReadonlyMap<string, Value> {
    return this.#content.kind === 'members' ? this.#content.value : this.#misused('map');
  }

  /** The same content under another type: for nulls and unknowns that enter a collection. */
  retyped(type: Type): Value {
    return this.type === type ? this : new Value(type, this.#content);
  }

  #misused(wanted: string): never {
    throw new TypeError(`a ${this.#content.kind} of type ${this.type.kind} is no ${wanted}`);
  }
}

const unknownContent: Content = { kind: 'unknown' };
const nullContent: Content = { kind: 'null' };

export function unknownValue(type: Type): Value {
  return new Value(type, unknownContent);
}

export function nullValue(type: Type): Value {
  return new Value(type, nullContent);
}

/** What stands for the result of a failed evaluation. */
export const dynamicValue: Value = unknownValue(dynamicType);

export const trueValue: Value = new Value(boolType, { kind: 'bool', value: true });
export const falseValue: Value = new Value(boolType, { kind: 'bool', value: false });

export function boolValue(value: boolean): Value {
  return value ? trueValue : falseValue;
}

export function numberValue(value: BigFloat): Value {
  return new Value(numberType, { kind: 'number', value });
}

/** A whole number. */
export function integerValue(value: number | bigint): Value {
  return numberValue(BigFloat.fromInteger(value));
}

/** Texts are kept in Unicode's normalization form C. */
export function stringValue(text: string): Value {
  return new Value(stringType, { kind: 'string', value: text.normalize('NFC') });
}

export function tupleValue(elements: readonly Value[]): Value {
  return new Value(tupleType(elements.map((element) => element.type)), { kind: 'elements', value: elements });
}

export function objectValue(members: Iterable<readonly [name: string, value: Value]>): Value {
  const sorted = sortedByName(normalizedKeys(members));
  const type = objectType(Array.from(sorted, ([name, value]) => [name, value.type] as const));
  return new Value(type, { kind: 'members', value: sorted });
}

/**
 * A list; the element type is that of the elements, or `element` when there are none.
 * Throws INVALID_ARGUMENT when they differ: see `commonElementType`.
 */
export function listValue(elements: readonly Value[], element: Type = dynamicType): Value {
  const type = elementTypeOf(elements, element);
  return new Value(listType(type), { kind: 'elements', value: elements.map((value) => retype(value, type)) });
}

/** A set without duplicates, in cty's order. Element types as in `listValue`. */
export function setValue(elements: readonly Value[], element: Type = dynamicType): Value {
  const type = elementTypeOf(elements, element);
  const sorted = sortSetElements(elements.map((value) => retype(value, type)));
  return new Value(setType(type), { kind: 'elements', value: sorted });
}

/** A map, sorted by key. Element types as in `listValue`. */
export function mapValue(members: Iterable<readonly [key: string, value: Value]>, element: Type = dynamicType): Value {
  const entries = normalizedKeys(members);
  const type = elementTypeOf(
    entries.map(([, value]) => value),
    element,
  );
  const typed = entries.map(([key, value]) => [key, retype(value, type)] as const);
  return new Value(mapType(type), { kind: 'members', value: sortedByName(typed) });
}

/** The type that all have, where dynamic ones follow the others; undefined when they differ. */
export function commonElementType(values: readonly Value[]): Type | undefined {
  let common: Type = dynamicType;
  for (const { type } of values) {
    if (common.kind === 'dynamic') common = type;
    else if (type.kind !== 'dynamic' && !typesEqual(common, type)) return undefined;
  }
  return common;
}

function elementTypeOf(values: readonly Value[], otherwise: Type): Type {
  if (values.length === 0) return otherwise;
  const type = commonElementType(values);
  if (type === undefined) throw new TsbuildxError('INVALID_ARGUMENT', 'all elements must have the same type');
  return type;
}

function retype(value: Value, type: Type): Value {
  return value.type.kind === 'dynamic' ? value.retyped(type) : value;
}

function normalizedKeys(
  members: Iterable<readonly [key: string, value: Value]>,
): (readonly [key: string, value: Value])[] {
  return Array.from(members, ([key, value]) => [key.normalize('NFC'), value] as const);
}

/** Elements that the type or the value tells; undefined when the length is not known. */
export function lengthOf(value: Value): number | undefined {
  if (value.type.kind === 'tuple') return value.type.elements.length;
  if (value.type.kind === 'object') return value.type.attributes.size;
  if (!value.isKnown) return undefined;
  const elements = value.asElements();
  // Unknown elements of a set may turn out to be equal to others.
  const isSure = value.type.kind !== 'set' || elements.length < 2 || value.isWhollyKnown;
  return isSure ? elements.length : undefined;
}

/** Keys of a value beside its elements: whole numbers, texts, or the elements themselves for a set. */
export function elementEntries(value: Value): (readonly [key: Value, value: Value])[] {
  if (value.type.kind === 'map' || value.type.kind === 'object') {
    return Array.from(value.asMembers(), ([key, member]) => [stringValue(key), member] as const);
  }
  const isSet = value.type.kind === 'set';
  return value.asElements().map((element, i) => [isSet ? element : integerValue(i), element] as const);
}
