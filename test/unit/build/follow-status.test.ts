import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { followStatus } from '../../../src/build/follow-status.ts';
import type { SolveStatus } from '../../../src/buildkit/control/index.ts';
import { steps, vertex } from '../../support/progress-status.ts';

/** A daemon whose status stream ends only when it is left; news are given one at a time. */
class Daemon {
  asked = 0;
  #give = Promise.withResolvers<SolveStatus>();

  async *status(_ref: string, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<SolveStatus> {
    const left = once(signal, 'abort').then(() => Promise.reject(new Error('left')));
    for (;;) {
      this.asked++;
      yield await Promise.race([this.#give.promise, left]);
      this.#give = Promise.withResolvers();
    }
  }

  async tell(): Promise<void> {
    this.#give.resolve(steps(vertex('a', 0)));
    await turn();
  }
}

function follow(t: TestContext, onStatus: () => unknown = () => undefined) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const daemon = new Daemon();
  const [over, canceled] = [new AbortController(), new AbortController()];
  const ends = { over: over.signal, canceled: canceled.signal };
  let ended = false;
  const following = followStatus({ control: daemon, onStatus }, 'ref', ends).then(() => {
    ended = true;
  });
  const wait = async (ms: number): Promise<boolean> => {
    t.mock.timers.tick(ms);
    await turn();
    return ended;
  };
  return { daemon, over, canceled, following, wait };
}

test('the status of a running build may be silent for long', async (t) => {
  const { daemon, over, following, wait } = follow(t);
  await daemon.tell();
  assert.equal(await wait(3_600_000), false);
  over.abort();
  assert.equal(await wait(4_999), false);
  assert.equal(await wait(1), true);
  await following;
});

test('a daemon that has told nothing of the build has nothing to tell when it ended', async (t) => {
  const { over, following, wait } = follow(t);
  over.abort();
  assert.equal(await wait(299), false);
  assert.equal(await wait(1), true);
  await following;
});

test('news of an ended build are taken, but not for ever', async (t) => {
  const { daemon, over, following, wait } = follow(t);
  over.abort();
  for (let second = 1; second < 30; second++) {
    await daemon.tell();
    assert.equal(await wait(1000), false, `after ${second} s`);
  }
  await daemon.tell();
  assert.equal(await wait(1000), true);
  await following;
});

test('a canceled build does not wait long, also when it is canceled after its end', async (t) => {
  const { daemon, over, canceled, following, wait } = follow(t);
  await daemon.tell();
  over.abort();
  await wait(2000);
  canceled.abort();
  assert.equal(await wait(999), false);
  assert.equal(await wait(1), true);
  await following;
});

test('nothing is read while the last news are not shown, and that time does not count', async (t) => {
  const shown = Promise.withResolvers<void>();
  const { daemon, over, following, wait } = follow(t, () => shown.promise);
  await daemon.tell();
  over.abort();
  assert.equal(await wait(100_000), false);
  assert.equal(await wait(100_000), false);
  assert.equal(daemon.asked, 1);
  shown.resolve();
  await turn();
  assert.equal(daemon.asked, 2);
  assert.equal(await wait(4_999), false);
  assert.equal(await wait(100_000), true);
  await following;
});
