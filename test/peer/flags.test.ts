// Both programs react alike to command lines: exit code, messages, and what the daemon is asked for.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type TestEngine, useEngine } from '../support/engine.ts';
import { type FlagPeers, startFlagPeers } from '../support/flag-peers.ts';
import { engineRows, pluginRows } from './flag-rows/called.ts';
import { resultRows } from './flag-rows/results.ts';
import { serviceRows } from './flag-rows/services.ts';
import { stepRows } from './flag-rows/steps.ts';
import { commandRows } from './flag-rows/words.ts';

const pairs = 3;
let peers: FlagPeers;
let engine: TestEngine;
let onEngine: FlagPeers;
before(async () => {
  peers = await startFlagPeers({ pairs });
  engine = await useEngine();
  onEngine = await startFlagPeers({ engine });
});
after(async () => {
  await peers?.[Symbol.asyncDispose]();
  await onEngine?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

// Side by side: programs that start and wait for an answer leave a core idle.
describe('command lines', { concurrency: pairs }, () => {
  for (const { flag, rows, ...options } of [...commandRows, ...stepRows, ...serviceRows, ...resultRows]) {
    describe(flag, () => {
      for (const row of rows) {
        it(row, async () => {
          const [ours, theirs] = await peers.react(row, options);
          assert.deepEqual(ours, theirs);
        });
      }
    });
  }

  describe('called by docker', () => {
    for (const row of pluginRows) {
      it(row, async () => {
        const [ours, theirs] = await peers.react(row, { isPlugin: true });
        assert.deepEqual(ours, theirs);
      });
    }
  });

  describe('on an engine', () => {
    for (const row of engineRows) {
      it(row, async () => {
        const [ours, theirs] = await onEngine.react(row, {});
        assert.deepEqual(ours, theirs);
      });
    }
  });
});
