// Matches the functions of function/stdlib/collection.go of go-cty that look into collections.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  ArgumentError,
  areEqual,
  at,
  boolType,
  boolValue,
  convertValue,
  dynamicType,
  falseValue,
  friendlyName,
  type FunctionSpec,
  integerValue,
  lengthOf,
  listValue,
  mapValue,
  numberType,
  objectValue,
  stringType,
  stringValue,
  trueValue,
  tupleValue,
  typesEqual,
  unknownValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { anything, number, parameter, text, texts } from './parameter.ts';
import { int64Of } from './whole-number.ts';

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

function isSequence(value: Value): boolean {
  return value.type.kind === 'list' || value.type.kind === 'tuple';
}

function isIndexable(value: Value): boolean {
  return isSequence(value) || value.type.kind === 'map';
}

/** The element under that key; undefined when there is none. */
function elementAt(collection: Value, key: Value): Value | undefined {
  if (collection.type.kind === 'map') {
    return key.type.kind === 'string' ? collection.asMembers().get(key.asString()) : undefined;
  }
  const index = key.type.kind === 'number' ? key.asNumber().toInt64() : undefined;
  return index === undefined || index < 0n ? undefined : collection.asElements()[Number(index)];
}

function hasIndex(collection: Value, key: Value): Value {
  if (!isIndexable(collection)) throw failure('collection must be a list, a map or a tuple');
  return boolValue(elementAt(collection, key) !== undefined);
}

function index(collection: Value, key: Value): Value {
  if (!isIndexable(collection)) throw failure('collection must be a list, a map or a tuple');
  const { kind } = collection.type;
  const wanted = kind === 'map' ? 'string' : 'number';
  if (key.type.kind !== wanted) throw failure(`key for ${kind} must be ${wanted}`);
  const element = elementAt(collection, key);
  if (element !== undefined) return element;
  if (kind !== 'tuple') throw failure('invalid index');
  if (key.asNumber().toInt64() !== undefined) {
    throw failure(`key must be between 0 and ${lengthOf(collection)} inclusive`);
  }
  return withPrefix('invalid key for tuple', () => unreachable(int64Of(key)));
}

function unreachable(index: bigint): never {
  throw failure(`no element ${index}`);
}

/** Runs what reads an argument; its errors begin with the prefix. */
export function withPrefix<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TsbuildxError) throw failure(`${prefix}: ${error.message}`);
    throw error;
  }
}

function element(list: Value, indexValue: Value): Value {
  if (!isSequence(list)) throw failure(`cannot read elements from ${friendlyName(list.type)}`);
  const wanted = withPrefix('invalid index', () => int64Of(indexValue));
  const elements = list.asElements();
  if (elements.length === 0) throw failure('cannot use element function with an empty list');
  const length = BigInt(elements.length);
  return at(elements, Number(((wanted % length) + length) % length));
}

function length(collection: Value): Value {
  const { kind } = collection.type;
  if (!isIndexable(collection) && kind !== 'set' && kind !== 'dynamic') {
    throw failure('collection must be a list, a map or a tuple');
  }
  const count = kind === 'dynamic' ? undefined : lengthOf(collection);
  return count === undefined ? unknownValue(numberType) : integerValue(count);
}

function contains(list: Value, value: Value): Value {
  if (!isSequence(list) && list.type.kind !== 'set') throw failure('argument must be list, tuple, or set');
  let isOpen = false;
  for (const candidate of list.asElements()) {
    const isEqual = areEqual(value, candidate);
    if (isEqual === true) return trueValue;
    isOpen ||= isEqual === undefined;
  }
  return isOpen ? unknownValue(boolType) : falseValue;
}

/** Of buildx, not of cty. */
function indexOf(list: Value, value: Value): Value {
  if (!isSequence(list)) throw failure('argument must be a list or tuple');
  const elements = list.asElements();
  if (elements.length === 0) throw failure('cannot search an empty list');
  for (const [i, candidate] of elements.entries()) {
    const isEqual = areEqual(candidate, value);
    if (isEqual === undefined) return unknownValue(numberType);
    if (isEqual) return integerValue(i);
  }
  throw failure('item not found');
}

function keys(map: Value): Value {
  const { kind } = map.type;
  if (kind !== 'map' && kind !== 'object') throw new ArgumentError(0, 'must have map or object type');
  const names = Array.from(map.asMembers().keys(), stringValue);
  return kind === 'map' ? listValue(names, stringType) : tupleValue(names);
}

function values(map: Value): Value {
  const { type } = map;
  if (type.kind === 'map') return listValue(map.asElements(), type.element);
  if (type.kind === 'object') return tupleValue(map.asElements());
  throw failure('values() requires a map as the first argument');
}

function lookup(map: Value, key: Value, otherwise: Value): Value {
  const { type } = map;
  const name = key.asString();
  if (!map.isWhollyKnown) return unknownValue(dynamicType);
  if (type.kind === 'object') return map.asMembers().get(name) ?? otherwise;
  if (type.kind !== 'map') throw new ArgumentError(0, 'lookup() requires a map as the first argument');
  try {
    return map.asMembers().get(name) ?? convertValue(otherwise, type.element);
  } catch (cause) {
    throw new ArgumentError(2, 'the default value must have the same type as the map elements', { cause });
  }
}

function merge(maps: readonly Value[]): Value {
  for (const map of maps) {
    const { kind } = map.type;
    if (kind === 'map' || kind === 'object' || kind === 'dynamic') continue;
    throw failure(`arguments must be maps or objects, got ${goQuote(friendlyName(map.type))}`);
  }
  const members = new Map<string, Value>();
  for (const map of maps) {
    if (map.isPresent) for (const [name, value] of map.asMembers()) members.set(name, value);
  }
  const type = maps[0]?.type;
  const isSame = type?.kind === 'map' && maps.every((map) => typesEqual(map.type, type));
  return isSame ? mapValue(members, type.element) : objectValue(members);
}

function zipmap(keyList: Value, valueList: Value): Value {
  const { type } = valueList;
  if (type.kind !== 'list' && type.kind !== 'tuple') throw failure('values argument must be a list or tuple value');
  if (!keyList.isWhollyKnown) return unknownValue(dynamicType);
  const [names, items] = [keyList.asElements(), valueList.asElements()];
  if (names.length !== items.length) {
    throw failure(`number of keys (${names.length}) does not match number of values (${items.length})`);
  }
  const members = items.map((item, i) => [keyAt(names, i), item] as const);
  return type.kind === 'list' ? mapValue(members, type.element) : objectValue(members);
}

function keyAt(names: readonly Value[], i: number): string {
  const name = at(names, i);
  if (name.isNull) throw failure(`keys list has null value at index ${i}`);
  return name.asString();
}

export const collectionFunctions: Readonly<Record<string, FunctionSpec>> = {
  contains: define({ parameters: [parameter('list'), parameter('value')], returns: boolType, run: contains }),
  element: define({ parameters: [parameter('list'), number('index')], run: element }),
  hasindex: define({
    parameters: [parameter('collection'), parameter('key')],
    returns: boolType,
    run: hasIndex,
  }),
  index: define({ parameters: [parameter('collection'), parameter('key')], run: index }),
  indexof: define({ parameters: [parameter('list'), parameter('value')], returns: numberType, run: indexOf }),
  keys: define({ parameters: [parameter('inputMap')], run: keys }),
  length: define({
    parameters: [parameter('collection', undefined, { allowsUnknown: true, allowsDynamic: true })],
    returns: numberType,
    run: length,
  }),
  lookup: define({ parameters: [parameter('inputMap'), text('key'), parameter('default')], run: lookup }),
  merge: define({
    variadic: parameter('maps', undefined, { ...anything, allowsUnknown: false }),
    run: (...maps: Value[]) => merge(maps),
  }),
  values: define({ parameters: [parameter('mapping')], run: values }),
  zipmap: define({ parameters: [texts('keys'), parameter('values')], run: zipmap }),
};
