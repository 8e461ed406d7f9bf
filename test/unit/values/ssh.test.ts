import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSsh } from '../../../src/values/ssh.ts';

const agents: readonly [text: string, parsed: object][] = [
  ['default', { id: 'default', paths: [] }],
  ['a=', { id: 'a', paths: [''] }],
  ['a=/run/sock', { id: 'a', paths: ['/run/sock'] }],
  ['a=x,y=z', { id: 'a', paths: ['x', 'y=z'] }],
  ['=x', { id: '', paths: ['x'] }],
];

for (const [text, parsed] of agents) test(text, () => assert.deepEqual(parseSsh([text]), [parsed]));

test('empty ones are left out', () => assert.deepEqual(parseSsh(['']), []));
