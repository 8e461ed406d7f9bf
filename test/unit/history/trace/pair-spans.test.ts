import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairSpans, type SpanPair } from '../../../../src/history/trace/pair-spans.ts';
import { spanTrees } from '../../../../src/history/trace/span-tree.ts';
import { madeUpSpan } from '../../../support/spans.ts';

const below = (...names: readonly string[]) =>
  spanTrees([
    madeUpSpan(1, 0, 'build', [0, 100]),
    ...names.map((name, index) => madeUpSpan(index + 2, 1, name, [index, index + 1])),
  ]);

const outline = (pairs: readonly SpanPair[]): unknown[] =>
  pairs.map(({ first, second }) => `${first?.span.name ?? '-'} | ${second?.span.name ?? '-'}`);

const paired = (first: readonly string[], second: readonly string[]): unknown[] =>
  outline(pairSpans(below(...first), below(...second))[0]?.children ?? []);

test('the same names pair in their order', () => {
  assert.deepEqual(paired(['ping', 'solve', 'ping'], ['ping', 'ping', 'solve']), [
    'ping | ping',
    'ping | ping',
    'solve | solve',
  ]);
});

test('digests and numbers do not keep names apart, unless there is one that is the same', () => {
  assert.deepEqual(
    paired(
      ['FROM base@sha256:aa', 'pull sha256:01', 'pull sha256:02'],
      ['FROM base@sha256:bb', 'pull sha256:02', 'pull sha256:03'],
    ),
    ['FROM base@sha256:aa | FROM base@sha256:bb', 'pull sha256:02 | pull sha256:02', 'pull sha256:01 | pull sha256:03'],
  );
});

test('a step is the same by its place, whatever it runs, and when it came from the cache', () => {
  assert.deepEqual(
    paired(['[build 2/3] RUN make', '[build 3/3] RUN x'], ['[build 2/3] RUN make -j', 'load cache: [build 3/3] RUN x']),
    ['[build 2/3] RUN make | [build 2/3] RUN make -j', '[build 3/3] RUN x | load cache: [build 3/3] RUN x'],
  );
});

test('what only one of them has stands where it began', () => {
  assert.deepEqual(paired(['a', 'gone', 'b'], ['new', 'a', 'b']), ['- | new', 'a | a', 'gone | -', 'b | b']);
  assert.deepEqual(paired(['gone', 'a'], ['a']), ['gone | -', 'a | a']);
});
