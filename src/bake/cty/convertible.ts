// Matches convert/conversion.go and convert/unify.go of go-cty, as far as types decide.
import { byGenerality } from './compare-types.ts';
import {
  at,
  type CollectionType,
  isPrimitive,
  listType,
  mapType,
  type ObjectType,
  objectType,
  type TupleType,
  tupleType,
  type Type,
  typesEqual,
} from './type.ts';

/** Safe conversions never fail; others depend on the value: `"5"` is a number, `"x"` is none. */
export type Safety = 'safe' | 'unsafe';

/** Whether values of one type can be tried to convert to another. Of equal types not all count: compare them first. */
export function isConvertible(from: Type, to: Type, safety: Safety): boolean {
  if (to.kind === 'dynamic' || (safety === 'unsafe' && from.kind === 'dynamic')) return true;
  if (isPrimitive(from) && isPrimitive(to)) return isPrimitiveConvertible(from.kind, to.kind, safety);
  if (to.kind === 'object') {
    if (from.kind === 'object') return isObjectConvertible(from, to, safety);
    return from.kind === 'map' && safety === 'unsafe' && isMapConvertibleToObject(from, to);
  }
  if (to.kind === 'tuple') return from.kind === 'tuple' && isTupleConvertible(from, to, safety);
  return 'element' in to && isConvertibleToCollection(from, to, safety);
}

/** As `isConvertible`, where equal types need no conversion. */
function isSameOrConvertible(from: Type, to: Type, safety: Safety): boolean {
  return typesEqual(from, to) || isConvertible(from, to, safety);
}

function isPrimitiveConvertible(from: string, to: string, safety: Safety): boolean {
  if (from === to) return false;
  return to === 'string' || (safety === 'unsafe' && from === 'string');
}

function isObjectConvertible(from: ObjectType, to: ObjectType, safety: Safety): boolean {
  for (const [name, type] of to.attributes) {
    const had = from.attributes.get(name);
    if (had === undefined ? !to.optional.has(name) : !isSameOrConvertible(had, type, safety)) return false;
  }
  return true;
}

function isMapConvertibleToObject(from: CollectionType, to: ObjectType): boolean {
  for (const [name, type] of to.attributes) {
    if (!to.optional.has(name) && !isSameOrConvertible(from.element, type, 'unsafe')) return false;
  }
  return true;
}

function isTupleConvertible(from: TupleType, to: TupleType, safety: Safety): boolean {
  const { elements } = from;
  return (
    elements.length === to.elements.length &&
    to.elements.every((t, i) => isSameOrConvertible(at(elements, i), t, safety))
  );
}

function isConvertibleToCollection(from: Type, to: CollectionType, safety: Safety): boolean {
  if (to.kind === 'map') {
    if (from.kind === 'map') return isConvertible(from.element, to.element, safety);
    return from.kind === 'object' && canHoldAll([...from.attributes.values()], to, safety);
  }
  if (from.kind === 'tuple') return canHoldAll(from.elements, to, safety);
  if (from.kind === 'list' && to.kind === 'set' && safety === 'safe') return false;
  return (from.kind === 'list' || from.kind === 'set') && isSameOrConvertible(from.element, to.element, safety);
}

function canHoldAll(types: readonly Type[], to: CollectionType, safety: Safety): boolean {
  if (types.length === 0) return true;
  const element = chosenElementType(types, to, safety);
  return element !== undefined && distinctTypes(types).every((type) => isSameOrConvertible(type, element, safety));
}

/** The element type of a collection made of things of these types; where the collection leaves it open, the one that fits all. */
export function chosenElementType(types: readonly Type[], to: CollectionType, safety: Safety): Type | undefined {
  if (to.element.kind !== 'dynamic') return to.element;
  const unified = unifyTypes(types, safety)?.type;
  const isOpen = unified?.kind === 'dynamic' && to.kind !== 'map' && types.some((type) => type.kind !== 'dynamic');
  return isOpen ? undefined : unified;
}

export interface Unification {
  readonly type: Type;
  /** A collection met something of unknown type: all values become unknown. */
  readonly isErased: boolean;
}

/** The most general type that all given types convert to; undefined when there is none, or no type at all. */
export function unifyTypes(types: readonly Type[], safety: Safety = 'unsafe'): Unification | undefined {
  const distinct = distinctTypes(types);
  const [first] = distinct;
  if (first === undefined) return undefined;
  if (distinct.length === 1) return unified(first);
  const kinds = new Set(distinct.map((type) => type.kind));
  const hasDynamic = kinds.delete('dynamic');
  const [kind, second, ...more] = [...kinds].sort();
  if (kind !== undefined && second === undefined && !isPrimitiveKind(kind)) {
    if (hasDynamic) return { type: first.kind === 'dynamic' ? first : { kind: 'dynamic' }, isErased: true };
    return unified(unifyOfKind(kind, distinct, safety));
  }
  if (kinds.has('object') && kinds.has('tuple')) return undefined;
  if (second !== undefined && more.length === 0) {
    if (kind === 'map' && second === 'object') return unifyThrough('object', distinct, safety);
    if (kind === 'list' && second === 'tuple') return unifyThrough('tuple', distinct, safety);
  }
  return unified(mostGeneral(distinct, safety));
}

function unified(type: Type | undefined): Unification | undefined {
  return type === undefined ? undefined : { type, isErased: false };
}

function isPrimitiveKind(kind: Type['kind']): boolean {
  return kind === 'string' || kind === 'number' || kind === 'bool' || kind === 'capsule';
}

function distinctTypes(types: readonly Type[]): readonly Type[] {
  const distinct: Type[] = [];
  for (const type of types) if (!distinct.some((other) => typesEqual(type, other))) distinct.push(type);
  return distinct;
}

function mostGeneral(types: readonly Type[], safety: Safety): Type | undefined {
  return byGenerality(types).find((want) => canAllBecome(types, want, safety));
}

function canAllBecome(types: readonly Type[], want: Type, safety: Safety): boolean {
  return types.every((type) => isSameOrConvertible(type, want, safety));
}

function unifyOfKind(kind: Type['kind'], types: readonly Type[], safety: Safety): Type | undefined {
  if (kind === 'object')
    return unifyObjects(
      types.filter((type) => type.kind === 'object'),
      safety,
    );
  if (kind === 'tuple')
    return unifyTuples(
      types.filter((type) => type.kind === 'tuple'),
      safety,
    );
  const collections = types.filter((type) => 'element' in type);
  const element = unifyTypes(
    collections.map((type) => type.element),
    safety,
  )?.type;
  if (element === undefined || (kind !== 'list' && kind !== 'set' && kind !== 'map')) return undefined;
  const type: CollectionType = { kind, element };
  return canAllBecome(types, type, safety) ? type : undefined;
}

/** Objects become maps, tuples lists, to be unified with the maps or lists beside them; else the most general of them. */
function unifyThrough(kind: 'object' | 'tuple', types: readonly Type[], safety: Safety): Unification | undefined {
  const structures = types.filter((type) => type.kind === kind);
  const collection = kind === 'object' ? unifyAsMap(structures, safety) : unifyAsList(structures, safety);
  const replaced = collection && types.map((type) => (type.kind === kind ? collection : type));
  const result = replaced && unifyTypes(replaced, safety);
  return result?.type.kind === collection?.kind ? result : unified(mostGeneral(types, safety));
}

/** Of the same attributes an object; of others a map. */
function unifyObjects(types: readonly ObjectType[], safety: Safety): Type | undefined {
  const first = at(types, 0);
  const isSame = types.every(({ attributes }) => haveSameKeys(attributes, first.attributes));
  if (!isSame) return unifyAsMap(types, safety);
  const attributes: [string, Type][] = [];
  for (const name of first.attributes.keys()) {
    const across = types.map((type) => type.attributes.get(name)).filter((type) => type !== undefined);
    const unified = unifyTypes(across, safety);
    if (unified === undefined) return undefined;
    attributes.push([name, unified.type]);
  }
  const type = objectType(attributes);
  return canAllBecome(types, type, safety) ? type : unifyAsMap(types, safety);
}

function haveSameKeys(a: ReadonlyMap<string, Type>, b: ReadonlyMap<string, Type>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

/** Of the same length a tuple; of others a list. */
function unifyTuples(types: readonly TupleType[], safety: Safety): Type | undefined {
  const { length } = at(types, 0).elements;
  if (types.some((type) => type.elements.length !== length)) return unifyAsList(types, safety);
  const elements: Type[] = [];
  for (let i = 0; i < length; i++) {
    const unified = unifyTypes(
      types.map((type) => at(type.elements, i)),
      safety,
    );
    if (unified === undefined) return undefined;
    elements.push(unified.type);
  }
  const type = tupleType(elements);
  return canAllBecome(types, type, safety) ? type : unifyAsList(types, safety);
}

function unifyAsMap(types: readonly Type[], safety: Safety): Type | undefined {
  const attributes = types.flatMap((type) => (type.kind === 'object' ? [...type.attributes.values()] : []));
  const element = unifyTypes(attributes, safety)?.type;
  const type = element && mapType(element);
  return type && canAllBecome(types, type, safety) ? type : undefined;
}

function unifyAsList(types: readonly Type[], safety: Safety): Type | undefined {
  const elements = types.flatMap((type) => (type.kind === 'tuple' ? type.elements : []));
  const element = unifyTypes(elements, safety)?.type;
  const type = element && listType(element);
  return type && canAllBecome(types, type, safety) ? type : undefined;
}
