import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSecrets } from '../../../src/values/secret.ts';

const secrets: readonly [text: string, parsed: object][] = [
  ['id=a', { id: 'a', src: '', env: '' }],
  ['id=a,src=/x', { id: 'a', src: '/x', env: '' }],
  ['ID=a,Source=/x=y', { id: 'a', src: '/x=y', env: '' }],
  ['id=a,env=B', { id: 'a', src: '', env: 'B' }],
  ['id=a,src=B,type=env', { id: 'a', src: '', env: 'B' }],
  ['type=env,id=a,src=x,env=B', { id: 'a', src: 'x', env: 'B' }],
  ['id=a,type=file,src=x', { id: 'a', src: 'x', env: '' }],
  ['"id=a","src=x,y"', { id: 'a', src: 'x,y', env: '' }],
  ['src=x', { id: '', src: 'x', env: '' }],
];

for (const [text, parsed] of secrets) test(text, () => assert.deepEqual(parseSecrets([text]), [parsed]));

test('empty ones are left out', () => assert.deepEqual(parseSecrets(['', '']), []));

const errors: readonly [text: string, message: string][] = [
  ['foo', "invalid field 'foo' must be a key=value pair"],
  ['id=a,b=c', "unexpected key 'b' in 'b=c'"],
  ['id=a,B=c', "unexpected key 'b' in 'B=c'"],
  ['id=a,type=dir', 'unsupported secret type "dir"'],
  ['id="a', 'failed to parse csv secret: parse error on line 1, column 4: bare " in non-quoted-field'],
];

for (const [text, message] of errors) {
  test(`${text} is refused`, () => assert.throws(() => parseSecrets([text]), { code: 'INVALID_ARGUMENT', message }));
}
