import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareFile } from '../../scripts/golden/runner.ts';
import { goldensDir } from '../support/goldens.ts';

test('ignore files are read and matched as the stock frontend does', async () => {
  const { passed, failures } = await compareFile('ignore', join(goldensDir(), 'ignore.jsonl.gz'));
  assert.deepEqual(failures.slice(0, 5), []);
  assert.equal(passed, 896);
});
