import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onOwnClock } from '../../../src/build/daemon-clock.ts';
import type { SolveStatus } from '../../../src/buildkit/control/index.ts';
import { at, log, packet, steps, transfer, vertex } from '../../support/progress-status.ts';

/** What is passed on of status that arrives 2 s after the build began. */
function passedOn(...told: readonly SolveStatus[]): readonly SolveStatus[] {
  const passed: SolveStatus[] = [];
  let time = 0;
  const onStatus = onOwnClock(
    (status) => passed.push(status),
    () => at(time),
  );
  time = 2;
  for (const status of told) onStatus(status);
  return passed;
}

test('a clock that may be right is left alone', () => {
  for (const started of [-0.9, 0, 1, 2.9]) {
    const told = [steps(vertex('a')), steps(vertex('a', started)), log('a', 100, 'x'), steps(vertex('a', -500, -499))];
    assert.deepEqual(passedOn(...told), told);
  }
});

test('with a clock that is wrong, the first step started when the build began', () => {
  for (const skew of [-7200, -1.5, 3.5, 3e7]) {
    const told = [
      steps(vertex('a')),
      packet({ vertexes: [vertex('b'), vertex('a', skew)], logs: log('a', skew + 1, 'x').logs }),
      transfer('a', 't', skew + 1, 5, { started: at(skew + 1), completed: at(skew + 2) }),
      steps(vertex('a', skew, skew + 3)),
    ];
    assert.deepEqual(passedOn(...told), [
      steps(vertex('a')),
      packet({ vertexes: [vertex('b'), vertex('a', 0)], logs: log('a', 1, 'x').logs }),
      transfer('a', 't', 1, 5, { started: at(1), completed: at(2) }),
      steps(vertex('a', 0, 3)),
    ]);
  }
});
