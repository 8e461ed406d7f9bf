import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sourceExcerpt } from '../../../src/base/source-excerpt.ts';

function excerpt(lineCount: number, ...marked: readonly (readonly [first: number, last: number])[]): string {
  const data = Buffer.from(Array.from({ length: lineCount }, (_, i) => `line ${i + 1}`).join('\n'));
  const ranges = marked.map(([first, last]) => ({
    start: { line: first, character: 0 },
    end: { line: last, character: 0 },
  }));
  return sourceExcerpt({ filename: 'Dockerfile', data, ranges });
}

const rule = '--------------------';

describe('excerpt of a source file', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    [
      'a line in the middle',
      excerpt(9, [5, 5]),
      ['   3 |     line 3', '   4 |     line 4', '   5 | >>> line 5', '   6 |     line 6', '   7 |     line 7'],
    ],
    ['the first line', excerpt(9, [1, 1]), ['   1 | >>> line 1', '   2 |     line 2', '   3 |     line 3']],
    ['the only line', excerpt(1, [1, 1]), ['   1 | >>> line 1']],
    [
      'several lines',
      excerpt(9, [3, 4]),
      ['   2 |     line 2', '   3 | >>> line 3', '   4 | >>> line 4', '   5 |     line 5'],
    ],
    [
      'lines apart',
      excerpt(9, [5, 5], [3, 3]),
      ['   2 |     line 2', '   3 | >>> line 3', '   4 |     line 4', '   5 | >>> line 5', '   6 |     line 6'],
    ],
    ['a range beyond the end', excerpt(3, [3, 9]), ['   1 |     line 1', '   2 |     line 2', '   3 | >>> line 3']],
    ['a range whose end comes before its start', excerpt(2, [2, 0]), ['   1 |     line 1', '   2 | >>> line 2']],
  ];
  for (const [name, text, lines] of cases) {
    it(name, () => {
      const first = /\| >>> line (\d)/.exec(text)?.[1];
      assert.equal(text, `Dockerfile:${first}\n${rule}\n${lines.map((line) => `${line}\n`).join('')}${rule}\n`);
    });
  }

  it('is empty without a place in the file', () => {
    assert.equal(excerpt(3), '');
    assert.equal(excerpt(3, [4, 4]), '');
    assert.equal(excerpt(3, [0, 0]), '');
  });
});
