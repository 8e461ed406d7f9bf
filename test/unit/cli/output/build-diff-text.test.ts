import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildDiffText } from '../../../../src/cli/output/build-diff-text.ts';
import type { BuildDiff } from '../../../../src/index.ts';

const SECOND = 1_000_000_000;
const digest = (hex: string): string => `sha256:${hex.repeat(64)}`;
const run = (name: string, state: 'cached' | 'ran' | 'failed' | 'unfinished', seconds = 0): object => ({
  name,
  state,
  digest: name,
  duration: seconds * SECOND,
});

const build = {
  ref: 'b/n/one',
  name: 'app',
  startedAt: '2026-01-02T03:04:05.678Z',
  status: 'completed',
  error: '',
  duration: 65 * SECOND,
  totalSteps: 5,
  cachedSteps: 1,
  warnings: 0,
} as const;

const nothing: BuildDiff = {
  before: build,
  after: { ...build, ref: 'b/n/two' },
  buildArgs: [],
  labels: [],
  namedContexts: [],
  attributes: [],
  materials: [],
  context: [],
  steps: [],
  results: [],
};

test('what is the same is left out', () => {
  const text = buildDiffText(nothing, { colored: false });
  assert.equal(
    text,
    `- b/n/one  app
  2026-01-02T03:04:05Z  completed, 1m  5s, 5 steps, 1 cached
+ b/n/two  app
  2026-01-02T03:04:05Z  completed, 1m  5s, 5 steps, 1 cached

Time
  the build                 1m  5s → 1m  5s  (+0.0s)
  steps of the Dockerfile   0.0s → 0.0s  (+0.0s)
  loading and exporting     0.0s → 0.0s  (+0.0s)
`,
  );
});

test('every kind of difference has its line', () => {
  const step = (then: object | undefined, now: object | undefined, reason?: object, internal = false): object => ({
    ...(then && { before: then }),
    ...(now && { after: now }),
    ...(reason && { reason }),
    internal,
  });
  const diff = {
    ...nothing,
    after: { ...nothing.after, status: 'failed', error: 'a\nb', warnings: 2, size: 2_000_000 },
    buildArgs: [
      { name: 'WHO', before: 'me', after: '' },
      { name: 'A', after: 'x'.repeat(200) },
    ],
    materials: [{ name: 'pkg:docker/base', before: digest('a'), after: digest('b') }],
    dockerfile: {
      before: 'Dockerfile',
      after: 'Dockerfile',
      hunks: [
        {
          before: 2,
          after: 2,
          lines: [
            { kind: 'same', text: 'A' },
            { kind: 'removed', text: 'B' },
            { kind: 'added', text: 'C' },
          ],
        },
      ],
    },
    steps: [
      step(run('[1/7] A', 'ran', 2), run('[1/7] A', 'cached')),
      step(undefined, run('[2/7] B', 'ran', 1), { kind: 'new' }),
      step(run('[2/6] C', 'cached'), run('[3/7] C', 'ran', 1), {
        kind: 'files',
        source: 'local://context',
        certain: true,
      }),
      step(run('[4/7] D', 'ran', 1), run('[4/7] D', 'ran', 1), { kind: 'files', source: 'local://x', certain: false }),
      step(run('[5/7] E', 'ran', 1), run('[5/7] F', 'failed', 1), {
        kind: 'definition',
        changes: [{ name: 'x', before: 'E', after: 'F' }],
      }),
      step(run('[5/6] G', 'ran', 1), run('[6/7] G', 'ran', 1), {
        kind: 'definition',
        changes: [{ name: 'env.A', before: '1', after: '2' }],
      }),
      step(run('[7/7] H', 'ran', 1), run('[7/7] H', 'unfinished')),
      step(run('[6/6] I', 'cached'), undefined),
      step(run('exporting', 'ran', 1), undefined, undefined, true),
      step(run('loading', 'ran', 1), run('loading', 'ran', 3), undefined, true),
    ],
    results: [],
  } as unknown as BuildDiff;
  const text = buildDiffText(diff, { colored: false });
  assert.equal(
    text.slice(text.indexOf('+ b/n/two')),
    `+ b/n/two  app
  2026-01-02T03:04:05Z  failed: a\\nb, 1m  5s, 5 steps, 1 cached, 2 warnings

Build arguments
  WHO  me → ""
  A    (none) → ${'x'.repeat(99)}…

Base images and other sources
  pkg:docker/base  sha256:aaaaaaaaaaaa… → sha256:bbbbbbbbbbbb…

Dockerfile
  @@ -2 +2 @@
   A
  -B
  +C

Steps
  = [1/7] A (cached, before: 2.0s)
  + [2/7] B (1.0s)
      is new
  ! [3/7] C (1.0s, before: cached)
      files of the context have changed
  ! [4/7] D (1.0s, before: 1.0s)
      files of the context "x" have changed, or it was gone from the cache
  x [5/7] F (failed after 1.0s, before: 1.0s)
      was [5/7] E
  ! [6/7] G (1.0s, before: 1.0s)
      does something else
        env.A  1 → 2
  x [7/7] H (not finished, before: 1.0s)
  - [6/6] I (cached)

Steps beside the Dockerfile
  - exporting (1.0s)

Time
  the build                 1m  5s → 1m  5s  (+0.0s)
  steps of the Dockerfile   6.0s → 5.0s  (-1.0s)
  loading and exporting     2.0s → 3.0s  (+1.0s)

Results
  layers  (none) → 2MB
`,
  );
  const colored = buildDiffText(diff, { colored: true });
  assert.ok(colored.includes('\u001B[31m  -B\u001B[39m'));
  // oxlint-disable-next-line no-control-regex
  assert.equal(colored.replaceAll(/\u001B\[\d+m/g, ''), text);
});
