import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareFile } from '../../scripts/golden/runner.ts';
import { goldensDir } from '../support/goldens.ts';

const goldens = goldensDir();

test('the recorded goldens are there', () => {
  assert.ok(existsSync(goldens), `no goldens in ${goldens}: clone beside "shared", or set TSBUILDX_GOLDENS`);
});

for (const mode of ['parse', 'shlex']) {
  for (const file of filesOf(mode)) {
    test(`${mode}: ${file} is as recorded`, async () => {
      const { passed, failures } = await compareFile(mode, join(goldens, file));
      const shown = failures.slice(0, 5).map(({ id, differences }) => [id, ...differences.slice(0, 5)].join('\n  '));
      assert.equal(failures.length, 0, `${failures.length} cases of ${passed + failures.length}:\n${shown.join('\n')}`);
      assert.ok(passed > 0);
    });
  }
}

/** `MODE.jsonl.gz`, or all files of the folder `MODE`. */
function filesOf(mode: string): string[] {
  const single = `${mode}.jsonl.gz`;
  const folder = join(goldens, mode);
  if (existsSync(folder)) return readdirSync(folder).map((name) => join(mode, name));
  return existsSync(join(goldens, single)) ? [single] : [];
}
