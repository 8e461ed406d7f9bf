import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHcl } from '../../../../src/bake/hcl/index.ts';
import { mistypedKeys } from '../../../../src/bake/resolve/mistyped-keys.ts';

function told(text: string): string[] {
  const { value: body } = parseHcl(text, 'docker-bake.hcl');
  const blocks = ['target', 'group'].map((type) => ({ type, labelNames: ['name'] }));
  return body.partialContent({ attributes: [], blocks }).value.blocks.flatMap(mistypedKeys);
}

test('a key that is nearly one of a target is told, with its place', () => {
  const text = 'target "a" {\n  dockerfle = "x"\n  cache_from = ["y"]\n  name = "n"\n  matrix = {}\n}\n';
  assert.deepEqual(told(text), [
    'docker-bake.hcl:2: target has no key dockerfle (did you mean dockerfile?)',
    'docker-bake.hcl:3: target has no key cache_from (did you mean cache-from?)',
  ]);
});

test('keys of a group are its own', () => {
  assert.deepEqual(told('group "g" {\n  target = ["a"]\n  targets = []\n}\ngroup "h" {\n  tagets = ["a"]\n}\n'), [
    'docker-bake.hcl:6: group has no key tagets (did you mean targets?)',
  ]);
});

test('a key that resembles none, or one that is there, is passed over', () => {
  assert.deepEqual(told('target "a" {\n  x-owner = "me"\n  tag = ["a"]\n  tags = ["b"]\n}\n'), []);
});
