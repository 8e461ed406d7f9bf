import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { VertexWarning } from '../../../src/buildkit/control/index.ts';
import { distinctWarnings, warningList } from '../../../src/progress/index.ts';

const warning: VertexWarning = {
  vertex: 'sha256:1',
  level: 1,
  short: Buffer.from('Rule: text (line 1)'),
  detail: [Buffer.from('Why it matters')],
  url: 'https://example.org/rule',
  sourceInfo: {
    filename: 'Dockerfile',
    data: Buffer.from('from x'),
    definition: Buffer.from('d'),
    language: 'Dockerfile',
  },
  range: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }],
};
const other: VertexWarning = { ...warning, short: Buffer.from('Other: text') };

it('tells each warning once, in order, without the way to its file', () => {
  const same = { ...warning, vertex: 'sha256:2' };
  const distinct = distinctWarnings([warning, other, same, other]);
  assert.deepEqual(
    distinct.map(({ short }) => Buffer.from(short).toString()),
    ['Rule: text (line 1)', 'Other: text'],
  );
  assert.equal(distinct[0]?.sourceInfo?.definition, undefined);
});

it('lists warnings in short', () => {
  const options = { expanded: false, colored: true };
  assert.equal(warningList([], options), '');
  assert.equal(
    warningList([warning], options),
    '\n \u001b[33m1 warning found (use docker --debug to expand):\n\u001b[0m - Rule: text (line 1)\n',
  );
  assert.equal(
    warningList([warning, other], { ...options, colored: false }),
    '\n 2 warnings found (use docker --debug to expand):\n - Rule: text (line 1)\n - Other: text\n',
  );
});

it('lists warnings with details, link and lines', () => {
  const excerpt = 'Dockerfile:1\n--------------------\n   1 | >>> from x\n--------------------\n';
  assert.equal(
    warningList([warning], { expanded: true, colored: false }),
    `\n 1 warning found:\n - Rule: text (line 1)\nWhy it matters\nMore info: https://example.org/rule\n${excerpt}\n`,
  );
});
