// Matches index, slice, len and call of Go's text/template/funcs.go.
import { byteLength, decodeBytes, encodeBytes } from '../../../../base/go-bytes.ts';
import { type Functions, templateFunction } from '../run/functions.ts';
import { isAssignable, uint8Type, valueType } from '../values/go-type.ts';
import { type GoValue, indirect, intValue, withoutInterface, zeroValue } from '../values/go-value.ts';

type Maybe = GoValue | undefined;

export const collections: Functions = new Map([
  ['index', templateFunction([valueType, valueType], ([item, ...keys]) => indexed(item, keys), { isVariadic: true })],
  ['slice', templateFunction([valueType, valueType], ([item, ...ends]) => sliced(item, ends), { isVariadic: true })],
  ['len', templateFunction([valueType], ([item]) => intValue(lengthOf(item)))],
  [
    'call',
    templateFunction([valueType, valueType], ([callee, ...args], written) => called(callee, args, written), {
      isVariadic: true,
    }),
  ],
]);

function indexed(item: Maybe, keys: readonly Maybe[]): Maybe {
  let value = withoutInterface(item);
  if (value === undefined) throw new Error('index of untyped nil');
  for (const key of keys) value = elementOf(value, withoutInterface(key));
  return value;
}

function elementOf(item: GoValue, key: Maybe): GoValue {
  const value = indirect(item);
  switch (value.kind) {
    case 'interface':
    case 'pointer':
      throw new Error('index of nil pointer');
    case 'slice': {
      const items = value.items ?? [];
      return items[positionOf(key, items.length)] ?? outOfRange('reflect: slice index out of range');
    }
    case 'string': {
      const bytes = encodeBytes(value.value);
      const byte = bytes[positionOf(key, bytes.length)] ?? outOfRange('reflect: string index out of range');
      return { kind: 'uint', type: uint8Type, value: BigInt(byte) };
    }
    case 'map': {
      const { key: keyType, element } = value.type;
      if (key === undefined) throw new Error(`value is nil; should be of type ${keyType.name}`);
      if (key.kind !== 'string' || !isAssignable(key.type, keyType)) {
        throw new Error(`value has type ${key.type.name}; should be ${keyType.name}`);
      }
      return value.entries?.get(key.value) ?? zeroValue(element);
    }
    default:
      throw new Error(`can't index item of type ${value.type.name}`);
  }
}

function outOfRange(why: string): never {
  throw new Error(why);
}

/** An index as far as `most`, which is one behind the end. */
function positionOf(key: Maybe, most: number): number {
  if (key === undefined) throw new Error('cannot index slice/array with nil');
  if (key.kind !== 'int' && key.kind !== 'uint') {
    throw new Error(`cannot index slice/array with type ${key.type.name}`);
  }
  if (key.value < 0n || key.value > BigInt(most)) throw new Error(`index out of range: ${key.value}`);
  return Number(key.value);
}

function sliced(item: Maybe, ends: readonly Maybe[]): Maybe {
  const held = withoutInterface(item);
  if (held === undefined) throw new Error('slice of untyped nil');
  const value = indirect(held);
  if (value.kind === 'pointer' || value.kind === 'interface') throw new Error('slice of nil pointer');
  if (ends.length > 3) throw new Error(`too many slice indexes: ${ends.length}`);
  if (value.kind !== 'string' && value.kind !== 'slice') throw new Error(`can't slice item of type ${value.type.name}`);
  if (value.kind === 'string' && ends.length === 3) throw new Error('cannot 3-index slice a string');
  const length = value.kind === 'string' ? byteLength(value.value) : (value.items?.length ?? 0);
  const at = ends.map((end) => positionOf(end, length));
  const [start = 0, end = length, capacity = length] = at;
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`);
  if (end > capacity) throw new Error(`invalid slice index: ${end} > ${capacity}`);
  return value.kind === 'string'
    ? { kind: 'string', type: value.type, value: decodeBytes(encodeBytes(value.value).subarray(start, end)) }
    : { ...value, items: value.items?.slice(start, end) };
}

function lengthOf(item: Maybe): number {
  const value = item === undefined ? undefined : indirect(item);
  if (value === undefined) throw new Error('reflect: call of reflect.Value.Type on zero Value');
  switch (value.kind) {
    case 'string':
      return byteLength(value.value);
    case 'slice':
      return value.items?.length ?? 0;
    case 'map':
      return value.entries?.size ?? 0;
    case 'interface':
    case 'pointer':
      throw new Error('len of nil pointer');
    default:
      throw new Error(`len of type ${value.type.name}`);
  }
}

function called(callee: Maybe, args: readonly Maybe[], written: string): Maybe {
  const value = withoutInterface(callee);
  if (value === undefined) throw new Error('call of nil');
  if (value.kind !== 'func') throw new Error(`non-function ${written} of type ${value.type.name}`);
  const wanted = value.type.parameters.length;
  if (args.length !== wanted) throw new Error(`wrong number of args for ${written}: got ${args.length} want ${wanted}`);
  return value.call(args, written);
}
