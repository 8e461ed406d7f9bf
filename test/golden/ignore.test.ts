import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compareFile } from '../../scripts/golden/runner.ts';

void test('ignore files are read and matched as the stock frontend does', async () => {
  const file = fileURLToPath(new URL('ignore.jsonl.gz', import.meta.url));
  const { passed, failures } = await compareFile('ignore', file);
  assert.deepEqual(failures.slice(0, 5), []);
  assert.equal(passed, 896);
});
