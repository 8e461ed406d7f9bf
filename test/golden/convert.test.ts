import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareFile } from '../../scripts/golden/runner.ts';
import { goldensDir } from '../support/goldens.ts';

const goldens = goldensDir();

for (const mode of ['convert', 'lint']) {
  const folder = join(goldens, mode);
  test(`${mode}: the recorded goldens are there`, () => {
    assert.ok(existsSync(folder), `no ${folder}: clone beside "shared", or set TSBUILDX_GOLDENS`);
  });
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    test(`${mode}: ${file} is as recorded`, async () => {
      const { passed, failures } = await compareFile(mode, join(folder, file));
      const shown = failures.slice(0, 5).map(({ id, differences }) => [id, ...differences.slice(0, 5)].join('\n  '));
      assert.equal(failures.length, 0, `${failures.length} cases of ${passed + failures.length}:\n${shown.join('\n')}`);
      assert.ok(passed > 0);
    });
  }
}
