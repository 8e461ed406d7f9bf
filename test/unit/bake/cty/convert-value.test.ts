import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  boolType,
  convertValue,
  dynamicType,
  listType,
  mapType,
  numberType,
  objectType,
  setType,
  stringType,
  tupleType,
  type Type,
  unifyTypes,
  valueFromJson,
  valueToJson,
} from '../../../../src/bake/cty/index.ts';

const ab = objectType(
  [
    ['a', stringType],
    ['b', numberType],
  ],
  new Set(['b']),
);

const conversions: readonly (readonly [from: string, to: Type, result: string | RegExp])[] = [
  ['[1,"a"]', listType(stringType), '["1","a"]'],
  ['["b","a","b"]', setType(stringType), '["a","b"]'],
  ['[10,9,1]', setType(dynamicType), '[1,9,10]'],
  ['[{"a":1},{"a":"x"}]', listType(dynamicType), '[{"a":"1"},{"a":"x"}]'],
  ['[{"b":1},{"a":"x"}]', listType(dynamicType), '[{"b":"1"},{"a":"x"}]'],
  ['{"a":1}', ab, '{"a":"1","b":null}'],
  ['{"a":1,"c":2}', ab, '{"a":"1","b":null}'],
  ['null', listType(stringType), 'null'],
  ['"1"', boolType, 'true'],
  ['[1,[2]]', listType(dynamicType), /^all list elements must have the same type$/],
  ['{"a":1,"b":"x"}', mapType(numberType), /^a number is required$/],
  ['"x"', listType(dynamicType), /^list of dynamic required, but have string$/],
  ['"yes"', boolType, /^a bool is required$/],
  ['"True"', boolType, /^a bool is required; to convert from string, use lowercase "true"$/],
  ['{"b":1}', ab, /^attribute "a" is required$/],
  ['{}', objectType(['x', 'y', 'z'].map((name) => [name, stringType])), /^attributes "x", "y", and "z" are required$/],
  ['{}', objectType(['x', 'y'].map((name) => [name, stringType])), /^attributes "x" and "y" are required$/],
  ['{"a":[]}', objectType([['a', stringType]]), /^attribute "a": string required, but have tuple$/],
  ['["a",[]]', listType(stringType), /^element 1: string required, but have tuple$/],
  ['true', numberType, /^number required, but have bool$/],
];

test('values convert, or the error says why not', () => {
  for (const [from, to, result] of conversions) {
    const convert = (): string => valueToJson(convertValue(valueFromJson(from), to));
    if (typeof result === 'string') assert.equal(convert(), result, from);
    else assert.throws(convert, { message: result }, from);
  }
});

test('types unify to the most general one', () => {
  const type = unifyTypes([tupleType([numberType]), listType(stringType)])?.type;
  assert.deepEqual(type, listType(stringType));
  assert.equal(unifyTypes([objectType([]), tupleType([])]), undefined);
  assert.deepEqual(unifyTypes([stringType, numberType, dynamicType])?.type, stringType);
  assert.deepEqual(unifyTypes([listType(stringType), dynamicType]), { type: dynamicType, isErased: true });
});
