// Matches function/stdlib/set.go of go-cty, and setproduct of its collection.go.
import { TsbuildxError } from '../../base/errors.ts';
import {
  ArgumentError,
  at,
  boolType,
  boolValue,
  convertUnified,
  convertValue,
  dynamicType,
  type FunctionSpec,
  forArgument,
  listValue,
  SetMembers,
  setType,
  setValue,
  tupleType,
  tupleValue,
  type Type,
  typesEqual,
  unifyTypes,
  unknownValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { checkElementCount } from './limits.ts';
import { parameter, setOf } from './parameter.ts';

type Combine = (a: readonly Value[], b: readonly Value[]) => readonly Value[];

function without(a: readonly Value[], b: readonly Value[]): readonly Value[] {
  const members = new SetMembers(b);
  return a.filter((element) => !members.has(element));
}

function union(a: readonly Value[], b: readonly Value[]): readonly Value[] {
  return [...a, ...without(b, a)];
}

function intersection(a: readonly Value[], b: readonly Value[]): readonly Value[] {
  const members = new SetMembers(b);
  return a.filter((element) => members.has(element));
}

function difference(a: readonly Value[], b: readonly Value[]): readonly Value[] {
  return [...without(a, b), ...without(b, a)];
}

/** Sets of one common type, combined from the first to the last. */
function combineSets(sets: readonly Value[], combine: Combine): Value {
  const types = sets.map(elementTypeOf).filter((type) => type !== undefined);
  const unification = types.length === 0 ? { type: dynamicType, isErased: false } : unifyTypes(types);
  if (unification === undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'given sets must all have compatible element types');
  }
  const type = setType(unification.type);
  const converted = sets.map((set, i) => forArgument(i, () => convertUnified(set, { type, isErased: false })));
  if (converted.some((set) => !set.isWhollyKnown)) return unknownValue(type);
  return setValue(converted.map((set) => set.asElements()).reduce(combine), unification.type);
}

/** Undefined for an empty set of no certain type, which goes with all others. */
function elementTypeOf(set: Value): Type | undefined {
  const type = set.type.kind === 'set' ? set.type.element : dynamicType;
  return type.kind === 'dynamic' && set.isKnown && set.asElements().length === 0 ? undefined : type;
}

function ofSets(combine: Combine): FunctionSpec {
  return define({
    parameters: [setOf('first_set')],
    variadic: setOf('other_sets'),
    returns: setType(dynamicType),
    run: (...sets: Value[]) => combineSets(sets, combine),
  });
}

function hasElement(set: Value, element: Value): Value {
  if (set.type.kind !== 'set' || !typesEqual(set.type.element, element.type)) return boolValue(false);
  if (new SetMembers(set.asElements()).has(element)) return boolValue(true);
  return set.isWhollyKnown ? boolValue(false) : unknownValue(boolType);
}

/** All combinations of one element each; of lists and tuples a list in their order, else a set. */
function setProduct(sequences: readonly Value[]): Value {
  if (sequences.length < 2) throw new TsbuildxError('INVALID_ARGUMENT', 'at least two arguments are required');
  const types = sequences.map(({ type }, i) => productType(type, i));
  const isSet = sequences.some(({ type }) => type.kind === 'set');
  const total = sequences.reduce((count, sequence) => count * sequence.asElements().length, 1);
  checkElementCount(total * sequences.length);
  let tuples: (readonly Value[])[] = total === 0 ? [] : [[]];
  for (const [i, sequence] of sequences.entries()) {
    const elements = sequence.asElements().map((element) => convertValue(element, at(types, i)));
    tuples = tuples.flatMap((tuple) => elements.map((element) => [...tuple, element]));
  }
  const values = tuples.map(tupleValue);
  const type = tupleType(types);
  return isSet ? setValue(values, type) : listValue(values, type);
}

function productType(type: Type, argument: number): Type {
  if (type.kind === 'set' || type.kind === 'list') return type.element;
  if (type.kind !== 'tuple') throw new ArgumentError(argument, 'a set or a list is required');
  if (type.elements.length === 0) return dynamicType;
  const unification = unifyTypes(type.elements);
  if (unification === undefined) throw new ArgumentError(argument, 'all elements must be of the same type');
  return unification.type;
}

export const setFunctions: Readonly<Record<string, FunctionSpec>> = {
  sethaselement: define({
    parameters: [setOf('set'), parameter('elem', undefined, { allowsDynamic: true })],
    returns: boolType,
    run: hasElement,
  }),
  setintersection: ofSets(intersection),
  setproduct: define({ variadic: parameter('sets'), run: (...sequences: Value[]) => setProduct(sequences) }),
  setsubtract: define({
    parameters: [setOf('a'), setOf('b')],
    returns: setType(dynamicType),
    run: (a: Value, b: Value) => combineSets([a, b], without),
  }),
  setsymmetricdifference: ofSets(difference),
  setunion: ofSets(union),
};
