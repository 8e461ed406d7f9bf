import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirm } from '../../../src/cli/confirm.ts';

test('nobody is asked when it is over already', async () => {
  const reason = new Error('over');
  await assert.rejects(confirm('Sure?', { signal: AbortSignal.abort(reason) }), reason);
});
