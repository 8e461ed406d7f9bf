import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Gateway, type LocalReadOptions, runFrontend } from '../../../../src/dockerfile/frontend/index.ts';
import { currentCaps } from '../../../../src/llb/index.ts';

const { signal } = new AbortController();

test('warnings are told one after the other, at the op that loads the Dockerfile', async () => {
  const told: string[] = [];
  let running = 0;
  const digests = new Set<string | undefined>();
  const gateway: Gateway = {
    buildOpts: { opts: {}, sessionId: '', workers: [], llbCaps: currentCaps, caps: currentCaps },
    resolveSourceMeta: async () => Promise.reject(new Error('nobody is asked')),
    solve: async () => ({ metadata: new Map() }),
    readFile: async () => new Uint8Array(),
    inputs: async () => new Map(),
    async warn({ short, digest }) {
      assert.equal(running, 0);
      running += 1;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      told.push(short);
      digests.add(digest);
      if (told.length === 2) throw new Error('this one is lost');
    },
  };
  const read = async (_: string, path: string, { digest }: LocalReadOptions): Promise<Uint8Array | undefined> => {
    if (path !== 'Dockerfile') return undefined;
    digests.add(digest?.());
    return Buffer.from('from scratch as Foo\nMAINTAINER me\nENV a b\n');
  };
  await runFrontend({ gateway, locals: { has: () => true, read } }, { signal });
  assert.deepEqual(
    told.map((short) => /line (\d)/.exec(short)?.[1]),
    ['1', '2', '1', '3'],
  );
  assert.equal(digests.size, 1);
});
