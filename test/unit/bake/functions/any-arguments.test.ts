import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TsbuildxError } from '../../../../src/base/errors.ts';
import {
  BigFloat,
  boolValue,
  convertValue,
  dynamicType,
  listType,
  mapType,
  nullValue,
  numberValue,
  objectValue,
  parseNumber,
  setType,
  stringType,
  stringValue,
  tupleValue,
  typesEqual,
  unknownValue,
  Value,
  valueFromJson,
  valueToJson,
} from '../../../../src/bake/cty/index.ts';
import { bakeFunctions, callBakeFunction } from '../../../support/bake-function.ts';

const words = [
  '',
  ' ',
  'a',
  'é',
  'e\u0301',
  '😀',
  '\r\n',
  'a,b\n"c',
  '%s',
  '%[2]d',
  '%-+#010.3e',
  '(a|b)*',
  '(?P<x>.)',
  '[',
  '$1',
];
const moreWords = [
  '{"a":[1,null]}',
  '10.0.0.0/8',
  '::/0',
  '2018-01-02T23:12:01Z',
  '1h',
  'YYYY',
  '1.2.3',
  '>=1, <2 || ^3',
  'a',
];

const text = fc.oneof(fc.constantFrom(...words, ...moreWords), fc.string({ unit: 'grapheme', maxLength: 12 }));
const decimals = fc.constantFrom(
  '0',
  '-0',
  '0.1',
  '1e400',
  '1e-400',
  '1e999999',
  '1e999999999',
  '-1e-999999999',
  '9223372036854775808',
);
const number = fc.oneof(
  fc.integer({ min: -5, max: 70 }).map((n) => BigFloat.fromInteger(n)),
  fc.double({ noNaN: true }).map((n) => BigFloat.fromNumber(n)),
  decimals.map((digits) => parseNumber(digits) ?? BigFloat.zero(false, 512)),
);

const { value } = fc.letrec<{ value: Value; leaf: Value }>((tie) => ({
  leaf: fc.oneof(
    text.map(stringValue),
    number.map(numberValue),
    fc.boolean().map(boolValue),
    fc.constantFrom(nullValue(dynamicType), nullValue(stringType), unknownValue(dynamicType), unknownValue(stringType)),
  ),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }).map(tupleValue),
    fc
      .array(tie('value'), { maxLength: 4 })
      .map((elements) => asCollection(tupleValue(elements), listType(dynamicType))),
    fc
      .array(tie('value'), { maxLength: 4 })
      .map((elements) => asCollection(tupleValue(elements), setType(dynamicType))),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map(objectValue),
    fc
      .array(fc.tuple(text, tie('value')), { maxLength: 4 })
      .map((m) => asCollection(objectValue(m), mapType(dynamicType))),
  ),
}));

/** The collection where the elements allow one. */
function asCollection(structure: Value, type: Parameters<typeof convertValue>[1]): Value {
  try {
    return convertValue(structure, type);
  } catch {
    return structure;
  }
}

test('every function answers any arguments with a value or an error of ours', () => {
  const names = [...bakeFunctions.keys()].filter((name) => name !== 'bcrypt');
  const call = fc.tuple(fc.constantFrom(...names), fc.array(value, { maxLength: 4 }));
  fc.assert(
    fc.property(call, ([name, args]) => {
      try {
        assert.ok(callBakeFunction(name, args) instanceof Value);
      } catch (error) {
        if (!(error instanceof TsbuildxError)) throw error;
      }
    }),
    { seed: 20261126, numRuns: 4_000 },
  );
});

test('a value survives JSON and conversion to its own type', () => {
  fc.assert(
    fc.property(value, (original) => {
      assert.ok(typesEqual(convertValue(original, original.type).type, original.type));
      let json: string;
      try {
        json = valueToJson(original);
      } catch (error) {
        assert.ok(error instanceof TsbuildxError);
        return;
      }
      assert.equal(valueToJson(valueFromJson(json)), json);
    }),
    { seed: 20261126, numRuns: 2_000 },
  );
});
