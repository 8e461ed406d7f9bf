import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCall } from '../../../src/values/call.ts';

test('building is no call', () => {
  assert.equal(parseCall(''), undefined);
  assert.equal(parseCall('build'), undefined);
});

test('a call has a name, a format, and may leave the exit code alone', () => {
  assert.deepEqual(parseCall('check'), { name: 'lint', format: '', ignoresStatus: false });
  assert.deepEqual(parseCall('format=json,outline'), { name: 'outline', format: 'json', ignoresStatus: false });
  assert.deepEqual(parseCall('lint,ignorestatus=t'), { name: 'lint', format: '', ignoresStatus: true });
});

test('what is wrong is told in the words of buildx', () => {
  const faults: readonly (readonly [text: string, message: string])[] = [
    ['a,b', 'invalid print value: a,b'],
    ['check,x=1', 'invalid print field: x=1'],
    [
      'check,ignorestatus=maybe',
      'invalid ignorestatus print value: maybe: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
  ];
  for (const [text, message] of faults) assert.throws(() => parseCall(text), { message });
});
