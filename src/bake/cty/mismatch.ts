// Matches convert/mismatch_msg.go of go-cty: why one type does not convert to another, for people.
import { goQuote } from '../../base/go-quote.ts';
import { isConvertible } from './convertible.ts';
import {
  type CollectionType,
  hasDynamicTypes,
  isCollection,
  isPrimitive,
  type ObjectType,
  type TupleType,
  type Type,
  typesEqual,
} from './type.ts';
import { constraintName, friendlyName } from './type-name.ts';

/** The difference between two types, when there is no conversion. */
export function mismatchMessage(got: Type, want: Type): string {
  if (got.kind === 'object' && want.kind === 'object') return objectMismatch(got, want);
  if (isCollection(want)) {
    const isOpen = want.element.kind === 'dynamic';
    const isStructure = want.kind === 'map' ? got.kind === 'object' : got.kind === 'tuple';
    if (isOpen && isStructure) return `all ${want.kind} elements must have the same type`;
    if (got.kind === 'tuple' || got.kind === 'object') return structureMismatch(got, want);
    if (isCollection(got)) return collectionMismatch(got, want);
  }
  if (!isConfusing(got, want)) return `${friendlyName(want)} required, but have ${friendlyName(got)}`;
  return `${constraintName(want)} required`;
}

function objectMismatch(got: ObjectType, want: ObjectType): string {
  const missing = [...want.attributes.keys()].filter((name) => !got.attributes.has(name) && !want.optional.has(name));
  if (missing.length > 0) return missingMessage(missing);
  for (const safety of ['unsafe', 'safe'] as const) {
    for (const [name, type] of want.attributes) {
      const had = got.attributes.get(name);
      if (had === undefined || typesEqual(had, type) || isConvertible(had, type, safety)) continue;
      return `attribute ${goQuote(name)}: ${mismatchMessage(had, type)}`;
    }
  }
  return 'incorrect object attributes';
}

function missingMessage(names: readonly string[]): string {
  const quoted = names.map(goQuote);
  const last = quoted.at(-1);
  if (quoted.length === 1) return `attribute ${last} is required`;
  const separator = quoted.length === 2 ? ' ' : ', ';
  return `attributes ${quoted.slice(0, -1).join(', ')}${separator}and ${last} are required`;
}

function structureMismatch(got: TupleType | ObjectType, want: CollectionType): string {
  if ((want.kind === 'map') !== (got.kind === 'object')) return `${constraintName(want)} required`;
  const types: Iterable<readonly [number | string, Type]> =
    got.kind === 'tuple' ? got.elements.entries() : got.attributes.entries();
  for (const [key, type] of types) {
    if (typesEqual(type, want.element) || isConvertible(type, want.element, 'unsafe')) continue;
    return `element ${typeof key === 'string' ? goQuote(key) : key}: ${mismatchMessage(type, want.element)}`;
  }
  return `all elements must be ${constraintName(want.element)}`;
}

function collectionMismatch(got: CollectionType, want: CollectionType): string {
  if ((want.kind === 'map') !== (got.kind === 'map')) return `${constraintName(want)} required`;
  return `incorrect ${want.kind} element type: ${mismatchMessage(got.element, want.element)}`;
}

/** Naming both types would mislead: a text that is no number has not the wrong type but the wrong value. */
function isConfusing(got: Type, want: Type): boolean {
  if (isPrimitive(got) !== isPrimitive(want) || want.kind === 'string') return false;
  if ((want.kind === 'bool' && got.kind === 'number') || (got.kind === 'bool' && want.kind === 'number')) return false;
  if (isCollection(got) && isCollection(want)) return hasDynamicTypes(got.element) || !hasDynamicTypes(want.element);
  return !(got.kind === 'tuple' && want.kind === 'object');
}
