import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SolveStatus, Vertex } from '../../../../src/buildkit/control/index.ts';
import { StepRecorder } from '../../../../src/history/timeline/recorded-steps.ts';

const packet = (changes: Partial<SolveStatus>): SolveStatus => ({
  vertexes: [],
  statuses: [],
  logs: [],
  warnings: [],
  ...changes,
});

const vertex = (digest: string, changes: Partial<Vertex> = {}): Vertex => ({
  digest,
  inputs: [],
  name: `step ${digest}`,
  cached: false,
  ...changes,
});

const record = (...packets: readonly Partial<SolveStatus>[]) => {
  const recorder = new StepRecorder();
  for (const one of packets) recorder.apply(packet(one));
  return recorder;
};

test('steps come in the order in which they started, those that never did last', () => {
  const steps = record(
    { vertexes: [vertex('c'), vertex('b'), vertex('a')] },
    { vertexes: [vertex('a', { started: 20n })] },
    { vertexes: [vertex('b', { started: 10n, completed: 15n })] },
  ).steps();
  assert.deepEqual(
    steps.map(({ digest, runs }) => [digest, runs]),
    [
      ['b', [{ start: 10n, end: 15n }]],
      ['a', [{ start: 20n, end: undefined }]],
      ['c', []],
    ],
  );
});

test('a step that ran twice has both times; one that is announced again keeps what is known', () => {
  const [step] = record(
    { vertexes: [vertex('a', { started: 1n, completed: 2n })] },
    { vertexes: [vertex('a', { started: 5n, completed: 9n, error: 'no' })] },
    { vertexes: [vertex('a')] },
  ).steps();
  assert.deepEqual(step?.runs, [
    { start: 1n, end: 2n },
    { start: 5n, end: 9n },
  ]);
  assert.equal(step.error, 'no');
});

test('the last word on a transfer counts; what belongs to no step is passed over', () => {
  const status = (current: bigint, vertexDigest = 'a') => ({
    id: 'x',
    vertex: vertexDigest,
    name: 'transferring',
    total: 10n,
    current,
    timestamp: 0n,
  });
  const [step] = record(
    { vertexes: [vertex('a')], statuses: [status(1n)] },
    { statuses: [status(9n), status(1n, 'unknown')] },
    { logs: [{ vertex: 'unknown', stream: 1, data: Buffer.from('x'), timestamp: 0n }] },
  ).steps();
  assert.deepEqual(
    step?.transfers.map(({ current }) => current),
    [9n],
  );
});

test('a daemon that never stops fills no memory', () => {
  const recorder = record({ vertexes: Array.from({ length: 30_000 }, (_, index) => vertex(String(index))) });
  for (let start = 0n; start < 500n; start++) recorder.apply(packet({ vertexes: [vertex('0', { started: start })] }));
  const steps = recorder.steps();
  assert.equal(steps.length, 20_000);
  assert.ok((steps[0]?.runs.length ?? 0) <= 100);
});
