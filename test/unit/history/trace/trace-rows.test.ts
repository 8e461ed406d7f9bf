import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairSpans } from '../../../../src/history/trace/pair-spans.ts';
import { spanTrees } from '../../../../src/history/trace/span-tree.ts';
import { comparisonRows, ROW_LIMIT, traceRows } from '../../../../src/history/trace/trace-rows.ts';
import type { Span } from '../../../../src/history/spans.ts';
import { madeUpSpan, TRACE_START } from '../../../support/spans.ts';

const client = { resource: [{ key: 'service.name', value: { type: 'string', value: 'buildx' } }] } as const;
const step = { attributes: [{ key: 'vertex', value: { type: 'string', value: 'sha256:aa' } }] } as const;

test('a row a span: how deep, whose, how long, when', () => {
  const rows = traceRows(
    spanTrees([
      madeUpSpan(1, 0, 'moby.buildkit.v1.frontend.LLBBridge/Solve', [10, 40], client),
      madeUpSpan(2, 1, '[a 1/2] RUN a.B/c', [12, 30], {
        ...step,
        status: { code: 'error', description: 'exit code: 1 <' },
      }),
    ]),
    TRACE_START,
  );
  assert.deepEqual(
    rows.map(({ depth, isBranch, tone, kinds, tag, text, values }) => [
      depth,
      isBranch,
      tone,
      kinds,
      tag,
      text,
      values,
    ]),
    [
      [0, true, 'other', ['call'], 'buildx', 'LLBBridge/Solve', ['30 ms']],
      [1, false, 'failed', ['failed', 'step'], 'dockerd', '[a 1/2] RUN a.B/c', ['18 ms']],
    ],
  );
  assert.deepEqual(rows[1]?.lanes, [[{ tone: 'failed', start: 12, end: 30 }]]);
  assert.match(rows[0]?.details.text ?? '', /<dt>Call<\/dt><dd>moby\.buildkit\.v1\.frontend\.LLBBridge\/Solve</);
  assert.match(rows[1].details.text, /exit code: 1 &lt;/);
});

test('of two traces each counts from its own start, and small changes are not told of', () => {
  const trace = (shift: number, times: Readonly<Record<string, number>>): Span[] => [
    madeUpSpan(1, 0, 'build', [shift, shift + 100]),
    ...Object.entries(times).map(([name, time], index) =>
      madeUpSpan(index + 2, 1, name, [shift + 5, shift + 5 + time]),
    ),
  ];
  const [first, second] = [
    trace(0, { slow: 10, quick: 50, same: 40, gone: 1 }),
    trace(7000, { slow: 30, quick: 20, same: 42, fresh: 3 }),
  ];
  const rows = comparisonRows(
    pairSpans(spanTrees(first), spanTrees(second)),
    TRACE_START,
    TRACE_START + 7_000_000_000n,
  );
  assert.deepEqual(
    rows.map(({ text, kinds, mark, values }) => [text, kinds, mark?.sign ?? '', ...values]),
    [
      ['build', [], '', '100 ms', '100 ms', '0 s'],
      ['slow', ['slower'], '', '10 ms', '30 ms', '+20 ms'],
      ['quick', ['faster'], '', '50 ms', '20 ms', '−30 ms'],
      ['same', [], '', '40 ms', '42 ms', '+2.0 ms'],
      ['gone', ['removed'], '−', '1.0 ms', '—', ''],
      ['fresh', ['added'], '+', '—', '3.0 ms', ''],
    ],
  );
  assert.deepEqual(rows[1]?.lanes, [[{ tone: 'other', start: 5, end: 15 }], [{ tone: 'done', start: 5, end: 35 }]]);
});

test('what no page shows has no details', () => {
  const rows = traceRows(
    spanTrees(Array.from({ length: ROW_LIMIT + 1 }, (_, at) => madeUpSpan(at + 1, 0, 'call', [at, at + 1]))),
    TRACE_START,
  );
  assert.deepEqual(
    [rows[ROW_LIMIT - 1], rows[ROW_LIMIT]].map((row) => row?.details.text === ''),
    [false, true],
  );
});
