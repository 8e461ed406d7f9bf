import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareFile } from '../../scripts/golden/runner.ts';
import { goldensDir } from '../support/goldens.ts';

const folder = join(goldensDir(), 'bake');

for (const file of readdirSync(folder)) {
  test(`bake: ${file} is as docker buildx bake prints it`, async () => {
    const { passed, failures } = await compareFile('bake', join(folder, file));
    const shown = failures.slice(0, 5).map(({ id, differences }) => [id, ...differences.slice(0, 5)].join('\n  '));
    assert.equal(failures.length, 0, `${failures.length} cases of ${passed + failures.length}:\n${shown.join('\n')}`);
    assert.ok(passed > 300);
  });
}
