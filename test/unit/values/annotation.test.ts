import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnnotations } from '../../../src/values/annotation.ts';

const good: readonly [text: string, annotations: ReturnType<typeof parseAnnotations>][] = [
  ['', []],
  ['a=b=c', [{ key: 'a', value: 'b=c' }]],
  ['a=', [{ key: 'a', value: '' }]],
  ['index:a=b', [{ type: 'index', key: 'a', value: 'b' }]],
  [
    'manifest[linux/arm64],index-descriptor:a:b=c',
    [
      { type: 'manifest', platform: 'linux/arm64', key: 'a:b', value: 'c' },
      { type: 'index-descriptor', key: 'a:b', value: 'c' },
    ],
  ],
];

for (const [text, annotations] of good) {
  test(`--annotation ${text}`, () => assert.deepEqual(parseAnnotations([text]), annotations));
}

const bad: readonly [text: string, message: string][] = [
  ['a', 'invalid annotation "a", expected key=value'],
  ['foo:a=b', 'unknown annotation type "foo"'],
  ['INDEX:a=b', 'invalid annotation type "INDEX", expected type and optional platform in square brackets'],
  ['org.x:a=b', 'invalid annotation type "org.x", expected type and optional platform in square brackets'],
  ['manifest[]:a=b', 'invalid annotation type "manifest[]", expected type and optional platform in square brackets'],
  [
    'manifest[linux/a/b/c]:a=b',
    'invalid platform "linux/a/b/c": "linux/a/b/c": cannot parse platform specifier: invalid argument',
  ],
];

for (const [text, message] of bad) {
  test(`--annotation ${text} is refused`, () =>
    assert.throws(() => parseAnnotations([text]), {
      code: 'INVALID_ARGUMENT',
      message: `parse annotations: ${message}`,
    }));
}
