import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SpanNode, spanTrees } from '../../../../src/history/trace/span-tree.ts';
import { madeUpSpan } from '../../../support/spans.ts';

const outline = (nodes: readonly SpanNode[]): unknown[] =>
  nodes.map(({ span, children }) => (children.length === 0 ? span.name : [span.name, ...outline(children)]));

test('children stand below their parents in order of start', () => {
  const spans = [
    madeUpSpan(3, 1, 'late', [5, 6]),
    madeUpSpan(2, 1, 'early', [1, 9]),
    madeUpSpan(4, 2, 'inner', [2, 3]),
    madeUpSpan(1, 0, 'root', [0, 10]),
  ];
  assert.deepEqual(outline(spanTrees(spans)), [['root', ['early', 'inner'], 'late']]);
});

test('a span whose parent is not there is outermost', () => {
  assert.deepEqual(outline(spanTrees([madeUpSpan(2, 77, 'a', [1, 2]), madeUpSpan(3, 0, 'b', [0, 2])])), ['b', 'a']);
});

test('spans that are each other’s parents, or their own, are shown once and do not go round', () => {
  const spans = [madeUpSpan(1, 2, 'a', [0, 1]), madeUpSpan(2, 1, 'b', [1, 2]), madeUpSpan(3, 3, 'c', [2, 3])];
  assert.deepEqual(outline(spanTrees(spans)), ['c', ['a', 'b']]);
});

test('a chain that is deeper than anybody nests ends flat, with nothing lost', () => {
  const spans = Array.from({ length: 20_000 }, (_, index) =>
    madeUpSpan(index + 1, index, `s${index}`, [index, index + 1]),
  );
  let depth = 0;
  let count = 0;
  for (let level = spanTrees(spans); level.length > 0; level = level.flatMap(({ children }) => children)) {
    depth++;
    count += level.length;
  }
  assert.deepEqual([depth, count], [101, 20_000]);
});
