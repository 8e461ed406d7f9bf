import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from '../../../src/transport/index.ts';

test('a pause that is broken off is an error of ours, with the reason', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const waiting = pause(3_600_000, { signal: stop.signal });
  stop.abort(reason);
  await assert.rejects(waiting, { name: 'TsbuildxError', code: 'CANCELED', cause: reason });
  await assert.rejects(pause(1, { signal: stop.signal }), { code: 'CANCELED' });
  await pause(1, { signal: new AbortController().signal });
});
