import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SourcedError } from '../../../src/base/sourced-error.ts';
import { RpcError } from '../../../src/buildkit/rpc/index.ts';
import { errorExcerpts, errorReport } from '../../../src/progress/index.ts';
import { sourceExcerpt } from '../../../src/progress/source-excerpt.ts';

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

it('shows the places of all errors in the chain, innermost first', () => {
  const place = (filename: string): ConstructorParameters<typeof SourcedError>[2] => ({
    filename,
    data: Buffer.from('x'),
    ranges: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }],
  });
  const remote = new RpcError('RPC_FAILED', 'no', {
    status: 2,
    details: [
      { kind: 'vertex', digest: 'sha256:0' },
      { kind: 'source', source: { ...place('inner'), language: 'Dockerfile' } },
    ],
  });
  const error = new SourcedError('DOCKERFILE', 'outer', place('outer'), {
    cause: new Error('between', { cause: remote }),
  });
  assert.deepEqual(errorExcerpts(error).match(/^\w+(?=:1$)/gm), ['inner', 'outer']);
  assert.equal(errorExcerpts(new Error('none')), '');
  assert.equal(errorExcerpts('text'), '');
});

it('reports a failure with its reason last, and with all traces for debugging', () => {
  const stack = [
    { version: 'v1', revision: '', cmdline: ['buildkitd'], frames: [{ name: 'f', file: 'f.go', line: 7 }] };
  const cause = new RpcError('RPC_FAILED', 'inner', { status: 2, details: [{ kind: 'stack', stack }] });
  const error = new Error('outer: inner', { cause });
  assert.equal(errorReport(error, { debug: false }), 'ERROR: outer: inner\n');
  const report = errorReport(error, { debug: true });
  assert.ok(report.startsWith('ERROR: outer: inner\n\nv1 buildkitd\nf\n\tf.go:7\n\nRpcError: inner\n'), report);
  assert.match(report, /Error: outer: inner\n    at .*source-excerpt\.test\.ts/);
  assert.equal(errorReport('text', { debug: true }), 'ERROR: text\n');
});
