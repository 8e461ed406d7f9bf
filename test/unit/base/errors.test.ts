import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { messageOf, wrap } from '../../../src/base/errors.ts';

const calls: readonly (readonly [name: string, call: () => unknown, text: string])[] = [
  ['a missing file', () => readFileSync('/nonexistent/x'), 'open /nonexistent/x: no such file or directory'],
  ['a directory read as a file', () => readFileSync('/'), 'read: is a directory'],
  ['a file listed as a directory', () => readdirSync('/dev/null'), 'open /dev/null: not a directory'],
  [
    'a rename',
    () => renameSync('/nonexistent/a', '/nonexistent/b'),
    'rename /nonexistent/a /nonexistent/b: no such file or directory',
  ],
];

for (const [name, call, text] of calls) {
  test(`${name} is told in Go's words`, () => {
    assert.throws(call, (error) => messageOf(error) === text && wrap('IO', 'what', error).message === `what: ${text}`);
  });
}

test('any other error keeps its words', () => {
  assert.equal(
    messageOf(new Error("ENOENT: no such file or directory, open 'x'")),
    "ENOENT: no such file or directory, open 'x'",
  );
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { syscall: 'connect' });
  assert.equal(messageOf(refused), 'connect ECONNREFUSED 127.0.0.1:1');
  assert.equal(messageOf('text'), 'text');
});
