import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  listType,
  mapType,
  numberType,
  setType,
  stringType,
  valueFromJson,
  valueToJson,
} from '../../../../src/bake/cty/index.ts';
import { convertValue } from '../../../../src/bake/cty/index.ts';
import { bakeCall, callBakeFunction, checkBakeCalls } from '../../../support/bake-function.ts';

test('looking into collections', () => {
  checkBakeCalls(`
    contains(["a", "b"], "a") => true
    contains("abc", "a") => error: argument must be list, tuple, or set
    element(["a", "b", "c"], 4) => "b"
    element(["a", "b"], -3) => "b"
    element([], 0) => error: cannot use element function with an empty list
    hasindex(["a"], 1) => false
    hasindex({"a": 1}, "a") => error: collection must be a list, a map or a tuple
    index(["a", "b"], 1) => "b"
    index(["a"], -1) => error: key must be between 0 and 1 inclusive
    index(["a"], 0.5) => error: invalid key for tuple: value must be a whole number, between -9223372036854775808 and 9223372036854775807
    indexof(["a", "b"], "b") => 1
    indexof(["a"], "z") => error: item not found
    keys({"b": 1, "a": 2}) => ["a","b"]
    keys("a") => argument 0: must have map or object type
    length([1, 2]) => 2
    length("ab") => error: collection must be a list, a map or a tuple
    lookup({"a": "ay"}, "c", "x") => "x"
    lookup(["a"], "0", "x") => argument 0: lookup() requires a map as the first argument
    merge({"a": {"b": 1}}, {"a": {"c": 2}}, null) => {"a":{"c":2}}
    merge("a") => error: arguments must be maps or objects, got "string"
    values({"b": 1, "a": 2}) => [2,1]
    zipmap(["a", "a"], [1, 2]) => {"a":2}
    zipmap(["a"], [1, 2]) => error: number of keys (1) does not match number of values (2)
  `);
});

test('making lists', () => {
  checkBakeCalls(`
    chunklist(["a", "b", "c"], 2) => [["a","b"],["c"]]
    chunklist(["a", "b"], 0) => [["a","b"]]
    coalescelist([], ["b"]) => ["b"]
    coalescelist(null, ["a"]) => error: coalescelist arguments must be lists or tuples
    compact(["a", "", null]) => ["a"]
    concat([1], [2.5], [true]) => [1,2.5,true]
    concat() => error: at least one argument is required
    concat(["a"], "b") => argument 1: all arguments must be lists or tuples; got string
    distinct(["a", "b", "a"]) => ["a","b"]
    distinct([1, "1"]) => ["1"]
    flatten([[1, [2, [3]]], null]) => [1,2,3,null]
    range(3, 0) => [3,2,1]
    range(0.5, 2, 0.5) => [0.5,1,1.5]
    range(1, 3, 0) => error: more than 1024 values were generated; either decrease the difference between start and end or use a smaller step
    reverselist([1, "a"]) => ["a",1]
    slice(["a", 1], 0, 2) => ["a",1]
    slice(["a"], 2, 2) => argument 1: start index must not be greater than the length of the list
  `);
});

test('sets are in order', () => {
  checkBakeCalls(`
    setunion([10, 9, 1], [2]) => [1,2,9,10]
    setintersection(["a", "b"], ["b", "c"]) => ["b"]
    setsubtract(["a", "b"], ["b"]) => ["a"]
    setsymmetricdifference(["a", "b"], ["b", "c"]) => ["a","c"]
    sethaselement([1], "1") => false
    setproduct(["a", "b"], [1, 2]) => [["a",1],["a",2],["b",1],["b",2]]
    setproduct(["a"]) => error: at least two arguments are required
    setproduct(["a"], "b") => argument 1: a set or a list is required
    setunion([{"a": 2}], [{"a": 1}]) => [{"a":1},{"a":2}]
  `);
  const set = convertValue(valueFromJson('["b","a"]'), setType(stringType));
  assert.equal(valueToJson(callBakeFunction('setproduct', [set, valueFromJson('["z"]')])), '[["a","z"],["b","z"]]');
  assert.throws(() => callBakeFunction('slice', [set, ...valueFromJson('[0,1]').asElements()]), /cannot slice a set/);
});

test('lists and maps keep their element type', () => {
  const list = convertValue(valueFromJson('[]'), listType(numberType));
  assert.deepEqual(callBakeFunction('reverselist', [list]).type, listType(numberType));
  const map = convertValue(valueFromJson('{"a":1}'), mapType(numberType));
  const args = [map, ...valueFromJson('["b","x"]').asElements()];
  assert.throws(
    () => callBakeFunction('lookup', args),
    /the default value must have the same type as the map elements/,
  );
});

test('a product that would fill the memory is refused', () => {
  const numbers = JSON.stringify(Array.from({ length: 200 }, (_, i) => i));
  assert.match(
    bakeCall('setproduct', Array(4).fill(numbers).join()),
    /^error: the result would have more than \d+ elements$/,
  );
});
