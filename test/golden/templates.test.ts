// Templates with docker's functions, run with Go 1.26's text/template: the same output, the same errors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { messageOf } from '../../src/base/errors.ts';
import { dockerTemplate } from '../../src/cli/output/template/index.ts';
import { templateContext } from '../support/template-context.ts';

interface Recorded {
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

const recorded = readFileSync(join(import.meta.dirname, 'data/templates.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

it(`shows what Go shows, in ${recorded.length} templates`, () => {
  assert.ok(recorded.length > 700);
  for (const { template, ...expected } of recorded)
    assert.deepEqual({ template, ...run(template) }, { template, ...expected });
});

function run(template: string): Omit<Recorded, 'template'> {
  try {
    return { output: dockerTemplate(template).render(templateContext) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
