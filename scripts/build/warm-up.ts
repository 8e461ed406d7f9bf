import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the code cache of the wrapped program by running a build that gets as far as it can without an engine. */
export async function warmUp(program: string, cache: string): Promise<void> {
  const context = mkdtempSync(join(program, '../context-'));
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  const env = { ...process.env, DOCKER_HOST: `unix://${join(context, 'no.sock')}`, DOCKER_CONFIG: context };
  const words = ['build', '--progress', 'none', context];
  spawnSync(process.execPath, [join(import.meta.dirname, 'warm.ts'), program, cache, ...words], {
    env,
    stdio: 'ignore',
  });
  rmSync(context, { recursive: true });
}
