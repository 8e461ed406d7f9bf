import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { differences } from '../../../../scripts/golden/compare.ts';
import type { GoldenMode } from '../../../../scripts/golden/mode.ts';
import { answerLine, loadMode, readLines } from '../../../../scripts/golden/runner.ts';

const echo: GoldenMode = {
  run: (request) => {
    if (request['fail'] === true) throw new Error('why');
    return request;
  },
};

test('every line has a response, whatever it is', async () => {
  const answer = async (line: string): Promise<unknown> => JSON.parse(await answerLine(echo, line));
  assert.deepEqual(await answer('{"id":"a","x":"\\udc80"}'), { id: 'a', x: '\ufffd' });
  assert.deepEqual(await answer('{"id":"a","fail":true}'), { id: 'a', ok: false, error: 'why' });
  assert.deepEqual(await answer('{}'), { ok: false, error: 'a request is no object with an id: {}' });
  await assert.rejects(loadMode('nope'), /unknown mode "nope"/);
});

test('lines end at newlines only, wherever the chunks end', async () => {
  const input = new PassThrough();
  Readable.from([Buffer.from('a\u2028b\n\n'), Buffer.from('c\r\n').subarray(0, 1), Buffer.from('d\ne')]).pipe(input);
  const lines: string[] = [];
  for await (const line of readLines(input)) lines.push(line);
  assert.deepEqual(lines, ['a\u2028b', 'cd', 'e']);
});

test('differences are named field by field', () => {
  assert.deepEqual(differences({ a: [1, { b: 2 }], c: null }, { a: [1, { b: 3 }, 4] }), [
    'a[1].b: expected 2, got 3',
    'a[2]: expected nothing, got 4',
    'c: expected null, got nothing',
  ]);
  assert.deepEqual(differences({ a: 1, b: undefined }, { a: 1 }), []);
  assert.deepEqual(differences([], {}), ['(all): expected [], got {}']);
});
