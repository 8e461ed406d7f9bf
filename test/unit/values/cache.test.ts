import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCaches } from '../../../src/values/cache.ts';

const registry = (ref: string): unknown => ({ type: 'registry', attrs: { ref } });

test('references are images of registries', () => {
  assert.deepEqual(parseCaches(['user/app:cache', '', 'a,"b"']), [
    registry('user/app:cache'),
    registry('a'),
    registry('b'),
  ]);
});

test('attributes, names in lower case', () => {
  assert.deepEqual(parseCaches(['Type=local,SRC=a b,"x=1,2",empty=', 'type=gha']), [
    { type: 'local', attrs: { src: 'a b', x: '1,2', empty: '' } },
    { type: 'gha', attrs: {} },
  ]);
});

const wrong: readonly (readonly [text: string, message: string])[] = [
  ['x=y', 'type required for "x=y"'],
  ['type=,x=y', 'type required for "type=,x=y"'],
  ['bucket=b,secret_access_key=abc,ghtoken=d', 'type required for "bucket=b,secret_access_key=***,ghtoken=***"'],
  ['"ghtoken=a,b",x=y,"Token=c,d"', String.raw`type required for "\"ghtoken=***\",x=y,\"Token=***\""`],
  ['type=registry,foo', 'invalid value foo'],
  ['a,"b', 'parse error on line 1, column 4: extraneous or missing " in quoted-field'],
];

for (const [text, message] of wrong) {
  test(`${text}: ${message}`, () => assert.throws(() => parseCaches([text]), { code: 'INVALID_ARGUMENT', message }));
}
