// Bake files read by both programs: the same definitions, the same complaints, the same exit codes. No engine is asked.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { createContext } from '../support/cli.ts';
import { type Ran, runProgram } from '../support/engine.ts';
import type { BakeCase } from './bake-files/bake-case.ts';
import { composeCases } from './bake-files/compose.ts';
import { hclCases } from './bake-files/hcl.ts';
import { overridesCases } from './bake-files/overrides.ts';
import { targetsCases } from './bake-files/targets.ts';
import { variablesCases } from './bake-files/variables.ts';

let configDir: string;
let programs: { readonly ours: string; readonly theirs: string };

before(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'tsbx-bake-'));
  programs = { ours: await freshBinary(), theirs: await buildxPeer() };
});
after(async () => await rm(configDir, { recursive: true, force: true }));

/** Without the progress of reading the files, which has times in it. */
async function read(program: string, { args, env }: BakeCase, cwd: string): Promise<Ran> {
  const own = args.some((arg) => arg.startsWith('--list')) ? [] : ['--print'];
  const settings = { DOCKER_CONFIG: configDir, DOCKER_HOST: 'unix:///nowhere.sock', BUILDX_BUILDER: undefined };
  const ran = await runProgram(program, ['bake', ...own, ...args], { cwd, env: { ...settings, ...env } });
  const told = ran.stderr.split('\n').filter((line) => line !== '' && !/^#\d+ /.test(line));
  return { ...ran, stderr: told.join('\n') };
}

const groups = {
  'files and functions': hclCases,
  variables: variablesCases,
  targets: targetsCases,
  overrides: overridesCases,
  compose: composeCases,
};
for (const [name, cases] of Object.entries(groups)) {
  describe(`bake files: ${name}`, { concurrency: 4 }, () => {
    for (const given of cases) {
      it(given.title, async () => {
        await using context = await createContext(given.files);
        const [ours, theirs] = await Promise.all([
          read(programs.ours, given, context.dir),
          read(programs.theirs, given, context.dir),
        ]);
        assert.deepEqual(ours, theirs);
      });
    }
  });
}
