import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientStatus } from '../../../src/buildkit/control/client-steps.ts';
import { followLoad, followPush } from '../../../src/build/layer-progress.ts';
import type { EngineMessage } from '../../../src/docker/engine/index.ts';

type Said = readonly [id: string, status: string, current?: number | undefined, total?: number, error?: string];

async function* saying(all: readonly Said[]): AsyncGenerator<EngineMessage> {
  for (const [id, status, current, total, error = ''] of all) {
    const progress = current === undefined ? undefined : { current: BigInt(current), total: BigInt(total ?? 0) };
    yield { id, status, progress, error };
  }
}

/** `id current/total`, with a mark when it is complete. */
function record(): { readonly told: string[]; readonly tell: (status: ClientStatus) => void } {
  const told: string[] = [];
  const tell = ({ id, current, total, completed }: ClientStatus): void =>
    void told.push(`${id} ${current}/${total}${completed ? ' done' : ''}`);
  return { told, tell };
}

test('a load tells of each layer every two seconds at most, and ends all', async () => {
  const { told, tell } = record();
  let time = 0;
  const clock = (): number => (time += 900);
  const said: Said[] = [
    ['', 'Loaded image: x'],
    ['a', 'Waiting'],
    ['a', 'Loading layer', 1, 9],
    ['a', 'Loading layer', 2, 9],
    ['a', 'Loading layer', 3, 9],
    ['b', 'Loading layer', 4, 4],
    ['a', 'Verifying', 7, 9],
  ];
  await followLoad(saying(said), tell, clock);
  assert.deepEqual(told, [
    'loading layer a 1/9',
    'loading layer b 4/4',
    'loading layer a 3/9',
    'loading layer a 3/9 done',
    'loading layer b 4/4 done',
  ]);
});

test('a load fails with what the engine says, after all that it says', async () => {
  const { told, tell } = record();
  const said: Said[] = [
    ['a', 'Loading layer', 1, 9],
    ['', '', undefined, 0, 'no space left'],
    ['b', 'Loading layer', 1, 1],
  ];
  await assert.rejects(followLoad(saying(said), tell), { code: 'ENGINE_FAILED', message: 'no space left' });
  assert.deepEqual(told.slice(-2), ['loading layer a 1/9 done', 'loading layer b 1/1 done']);
});

test('a push tells of layers that are sent, not of those that are there', async () => {
  const { told, tell } = record();
  const said: Said[] = [
    ['', 'The push refers to repository [r.io/x]'],
    ['a', 'Preparing'],
    ['b', 'Layer already exists'],
    ['a', 'Pushing', 1, 9],
    ['a', 'Pushing', 8, 9],
    ['a', 'Pushed'],
    ['c', 'Pushed'],
  ];
  await followPush(saying(said), tell);
  assert.deepEqual(told, [
    'pushing layer a 1/9',
    'pushing layer a 8/9',
    'pushing layer a 9/9 done',
    'pushing layer c 0/0 done',
  ]);
  const refused: Said[] = [['', '', undefined, 0, 'denied']];
  await assert.rejects(followPush(saying(refused), tell), { code: 'ENGINE_FAILED', message: 'denied' });
});
