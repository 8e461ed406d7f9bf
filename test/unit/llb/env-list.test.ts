import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, option, property, record, string } from 'fast-check';
import { EnvList } from '../../../src/llb/index.ts';

test('the last assignment decides the place', () => {
  const env = EnvList.empty.set('A', '1').set('B', '2').set('A', '3');
  assert.deepEqual(env.toArray(), ['B=2', 'A=3']);
});

test('a removed variable is gone, in the new list only', () => {
  const before = EnvList.empty.set('A', '1');
  assert.equal(before.delete('A').get('A'), undefined);
  assert.equal(before.get('A'), '1');
});

test('any list of changes gives what a map would', () => {
  const change = record({ key: constantFrom('A', 'B', 'C', 'D'), value: option(string()) });
  check(
    property(array(change, { maxLength: 80 }), (changes) => {
      const map = new Map<string, string>();
      let env = EnvList.empty;
      for (const { key, value } of changes) {
        map.delete(key);
        if (value !== null) map.set(key, value);
        env = value === null ? env.delete(key) : env.set(key, value);
        assert.equal(env.get(key), map.get(key));
      }
      assert.deepEqual([...env.entries()], [...map]);
      for (const key of ['A', 'B', 'C', 'D']) assert.equal(env.has(key), map.has(key));
    }),
  );
});
