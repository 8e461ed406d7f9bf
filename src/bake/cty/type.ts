// Matches go-cty's type system: the types of the values in a bake file.
import { compareUtf8 } from '../../base/go-json.ts';

export interface PrimitiveType {
  readonly kind: 'string' | 'number' | 'bool';
}

/** The type of what is not known before evaluation; a type constraint that everything satisfies. */
export interface DynamicType {
  readonly kind: 'dynamic';
}

export interface CollectionType {
  readonly kind: 'list' | 'set' | 'map';
  readonly element: Type;
}

export interface ObjectType {
  readonly kind: 'object';
  /** Sorted by name. */
  readonly attributes: ReadonlyMap<string, Type>;
  /** Attributes that a conversion may fill with null; only in type constraints. */
  readonly optional: ReadonlySet<string>;
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
}

/** Something opaque, told apart by its name. */
export interface CapsuleType {
  readonly kind: 'capsule';
  readonly name: string;
}

export type Type = PrimitiveType | DynamicType | CollectionType | ObjectType | TupleType | CapsuleType;

export const stringType: PrimitiveType = { kind: 'string' };
export const numberType: PrimitiveType = { kind: 'number' };
export const boolType: PrimitiveType = { kind: 'bool' };
export const dynamicType: DynamicType = { kind: 'dynamic' };

export function listType(element: Type): CollectionType {
  return { kind: 'list', element };
}

export function setType(element: Type): CollectionType {
  return { kind: 'set', element };
}

export function mapType(element: Type): CollectionType {
  return { kind: 'map', element };
}

export function tupleType(elements: readonly Type[]): TupleType {
  return { kind: 'tuple', elements };
}

const noneOptional: ReadonlySet<string> = new Set();

export function objectType(
  attributes: Iterable<readonly [name: string, type: Type]>,
  optional: ReadonlySet<string> = noneOptional,
): ObjectType {
  return { kind: 'object', attributes: sortedByName(attributes), optional };
}

/** Names are compared by their UTF-8 bytes; the last of equal names wins. */
export function sortedByName<T>(entries: Iterable<readonly [name: string, item: T]>): ReadonlyMap<string, T> {
  const map = new Map<string, T>(entries);
  let previous: string | undefined;
  for (const name of map.keys()) {
    if (previous !== undefined && compareUtf8(previous, name) > 0)
      return new Map([...map].sort(([a], [b]) => compareUtf8(a, b)));
    previous = name;
  }
  return map;
}

export function isPrimitive(type: Type): type is PrimitiveType {
  return type.kind === 'string' || type.kind === 'number' || type.kind === 'bool';
}

export function isCollection(type: Type): type is CollectionType {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'map';
}

export function typesEqual(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (isCollection(a)) return isCollection(b) && a.kind === b.kind && typesEqual(a.element, b.element);
  if (a.kind === 'object') return b.kind === 'object' && objectTypesEqual(a, b);
  if (a.kind === 'tuple') return b.kind === 'tuple' && tupleTypesEqual(a, b);
  if (a.kind === 'capsule') return b.kind === 'capsule' && a.name === b.name;
  return a.kind === b.kind;
}

function objectTypesEqual(a: ObjectType, b: ObjectType): boolean {
  if (a.attributes.size !== b.attributes.size) return false;
  for (const [name, type] of a.attributes) {
    const other = b.attributes.get(name);
    if (other === undefined || a.optional.has(name) !== b.optional.has(name) || !typesEqual(type, other)) return false;
  }
  return true;
}

function tupleTypesEqual(a: TupleType, b: TupleType): boolean {
  return a.elements.length === b.elements.length && a.elements.every((type, i) => typesEqual(type, at(b.elements, i)));
}

/** The element of a list whose length was checked. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no element ${index} of ${list.length}`);
  return item;
}

/** Whether `dynamic` stands anywhere in the type. */
export function hasDynamicTypes(type: Type): boolean {
  if (isCollection(type)) return hasDynamicTypes(type.element);
  if (type.kind === 'tuple') return type.elements.some(hasDynamicTypes);
  if (type.kind === 'object') return [...type.attributes.values()].some(hasDynamicTypes);
  return type.kind === 'dynamic';
}

/** The type without marks of optional attributes, at all levels. */
export function withoutOptionalAttributes(type: Type): Type {
  if (isCollection(type)) {
    const element = withoutOptionalAttributes(type.element);
    return element === type.element ? type : { kind: type.kind, element };
  }
  if (type.kind === 'tuple') {
    const elements = type.elements.map(withoutOptionalAttributes);
    return elements.every((element, i) => element === type.elements[i]) ? type : tupleType(elements);
  }
  if (type.kind !== 'object') return type;
  const attributes = Array.from(type.attributes, ([name, t]) => [name, withoutOptionalAttributes(t)] as const);
  const isSame = type.optional.size === 0 && attributes.every(([name, t]) => t === type.attributes.get(name));
  return isSame ? type : objectType(attributes);
}
