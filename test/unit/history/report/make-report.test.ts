import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryRecord, Vertex } from '../../../../src/buildkit/control/index.ts';
import { makeReport, type ReportSources } from '../../../../src/history/report/make-report.ts';
import { StepRecorder } from '../../../../src/history/timeline/recorded-steps.ts';
import { historyRecord } from '../../../support/history-record.ts';

const second = 1_000_000_000n;
const began = 1_795_713_120n * second;
const at = (seconds: number): bigint => began + BigInt(seconds * 1e9);

const vertex = (digest: string, from: number, to: number | undefined, changes: Partial<Vertex> = {}): Vertex => ({
  digest,
  inputs: [],
  name: `[build 1/2] RUN ${digest}`,
  cached: false,
  started: at(from),
  completed: to === undefined ? undefined : at(to),
  ...changes,
});

const report = (record: Partial<HistoryRecord>, vertexes: readonly Vertex[], changes: Partial<ReportSources> = {}) => {
  const recorder = new StepRecorder();
  recorder.apply({ vertexes, statuses: [], logs: [], warnings: [] });
  return makeReport({
    name: 'app',
    builder: 'default',
    node: 'default',
    record: historyRecord({ createdAt: began, completedAt: at(10), ...record }),
    recorder,
    now: at(12),
    details: [],
    materials: [],
    results: [],
    gaps: [],
    ...changes,
  });
};

test('times count from the start of the build; what a step waited for is known', () => {
  const { duration, steps, criticalPath } = report({}, [
    vertex('a', 1, 3),
    vertex('b', 5, 9, { inputs: ['a', 'unknown'] }),
    vertex('c', 3, 3, { inputs: ['a'], cached: true }),
  ]);
  assert.equal(duration, 10_000);
  assert.deepEqual(
    steps.map(({ text, state, runs, wait, time, inputs }) => ({ text, state, runs, wait, time, inputs })),
    [
      { text: 'RUN a', state: 'done', runs: [{ start: 1000, end: 3000 }], wait: undefined, time: 2000, inputs: [] },
      { text: 'RUN c', state: 'cached', runs: [{ start: 3000, end: 3000 }], wait: undefined, time: 0, inputs: [0] },
      {
        text: 'RUN b',
        state: 'done',
        runs: [{ start: 5000, end: 9000 }],
        wait: { start: 3000, end: 5000 },
        time: 4000,
        inputs: [0],
      },
    ],
  );
  assert.deepEqual(criticalPath, [0, 2]);
});

test('a build that runs has lasted until now, and so have its steps', () => {
  const { status, duration, steps } = report({ completedAt: undefined }, [vertex('a', 1, undefined)]);
  assert.deepEqual([status, duration, steps[0]?.state, steps[0]?.time], ['running', 12_000, 'running', 11_000]);
});

test('a failure names the step that its details name, else the one that failed', () => {
  const error = { code: 2, message: 'fetch https://u:p@h/x: exit code 1', details: [] };
  const vertexes = [vertex('a', 1, 2, { error: 'boom' }), vertex('b', 1, 2, { error: 'context canceled' })];
  const { status, failure, steps } = report({ error }, vertexes);
  assert.deepEqual([status, failure?.step, failure?.message], ['failed', 0, 'fetch https://***@h/x: exit code 1']);
  assert.deepEqual(
    steps.map(({ state }) => state),
    ['failed', 'canceled'],
  );
  assert.equal(report({ error }, vertexes, { details: [{ kind: 'vertex', digest: 'b' }] }).failure?.step, 1);
});

test('a canceled build is no failed one', () => {
  assert.equal(report({ error: { code: 1, message: 'x', details: [] } }, []).status, 'canceled');
  assert.equal(report({ error: { code: 2, message: 'solve: context canceled', details: [] } }, []).status, 'canceled');
});

test('a clock that stands wrong gives no negative times', () => {
  const { steps, duration } = report({ createdAt: at(5), completedAt: at(4) }, [vertex('a', 1, 0)]);
  assert.deepEqual(steps[0]?.runs, [{ start: 0, end: 0 }]);
  assert.equal(duration, 0);
});
