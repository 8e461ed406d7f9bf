import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atMost } from '../../../src/base/at-most.ts';

test('no more run at the same time, and what fails makes room', async () => {
  const turn = atMost(2);
  let running = 0;
  let most = 0;
  const work = (at: number) => async (): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    if (at === 1) throw new Error('no');
    return at;
  };
  const done = await Promise.allSettled([0, 1, 2, 3, 4].map((at) => turn(work(at))));
  assert.equal(most, 2);
  assert.deepEqual(
    done.map((one) => (one.status === 'fulfilled' ? one.value : 'failed')),
    [0, 'failed', 2, 3, 4],
  );
});
