import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dynamicType, typedValueFromJson, valueFromJson, valueToJson } from '../../../../src/bake/cty/index.ts';

test('JSON keeps numbers exact and sorts keys', () => {
  const json = '{"b":[1,2.50,1e3,null,true,0.10000000000000000000000000000000001],"a":"é\\u003c"}';
  const same = '{"a":"é\\u003c","b":[1,2.5,1000,null,true,0.10000000000000000000000000000000001]}';
  assert.equal(valueToJson(valueFromJson(json)), same);
});

test("what is no JSON is refused in Go's words", () => {
  const cases: readonly (readonly [text: string, message: string])[] = [
    ['[1,]', "invalid character ',' looking for beginning of value"],
    ['tru', 'unexpected EOF'],
    ['{', 'EOF'],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['[1 2]', "invalid character '2' after array element"],
    ['01', 'extraneous data after JSON object'],
    ['nul1', "invalid character '1' in literal null (expecting 'l')"],
    ['{"a":1,"a":"x"}', 'duplicate "a" property in JSON object'],
    ['['.repeat(100_000), 'exceeded max depth'],
  ];
  for (const [text, message] of cases) assert.throws(() => valueFromJson(text), { message }, text.slice(0, 20));
});

test('a value with its type', () => {
  const value = typedValueFromJson('{"value":["1"],"type":["list","number"]}', dynamicType);
  assert.equal(valueToJson(value), '[1]');
  assert.throws(() => typedValueFromJson('{"value":1}', dynamicType), { message: /missing type/ });
});
