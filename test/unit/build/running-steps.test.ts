import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsbuildxError } from '../../../src/base/errors.ts';
import { RunningSteps } from '../../../src/build/running-steps.ts';
import type { SolveStatus, Vertex } from '../../../src/buildkit/control/index.ts';

const lost = new TsbuildxError('TRANSPORT', 'connection to unix:///d.sock lost: no answer');

function news(...vertexes: readonly Partial<Vertex>[]): SolveStatus {
  const vertex = { digest: '', name: '', inputs: [], cached: false, error: '' };
  return {
    vertexes: vertexes.map((known) => ({ ...vertex, digest: known.name ?? '', ...known })),
    statuses: [],
    logs: [],
    warnings: [],
  };
}

function textOf(steps: RunningSteps, error: unknown): string {
  const explained = steps.explain(error);
  return explained instanceof Error ? explained.message : '';
}

test('a lost connection is told with what was running', () => {
  const steps = new RunningSteps();
  steps.note(news({ name: '[1/2] FROM x', started: 1n }, { name: '[2/2] RUN a\n b', started: 2n }, { name: 'later' }));
  steps.note(news({ name: '[1/2] FROM x', started: 1n, completed: 3n }));
  assert.equal(textOf(steps, lost), `${lost.message} (while running: [2/2] RUN a b)`);
  steps.note(news(...['b', 'c', 'd', 'e'].map((name) => ({ name, started: 4n }))));
  assert.match(textOf(steps, lost), /\(while running: \[2\/2\] RUN a b; b; c; and 2 more\)$/);
});

test('other errors, and one when nothing ran, stay as they are', () => {
  const steps = new RunningSteps();
  assert.equal(steps.explain(lost), lost);
  steps.note(news({ name: 'a', started: 1n }));
  const failed = new TsbuildxError('RPC_FAILED', 'exit code: 1');
  assert.equal(steps.explain(failed), failed);
});
