// What the local driver runs: programs that stand in for BuildKit's, or real ones.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestEngine } from './engine.ts';
import { copyRunc } from './real-buildkitd.ts';

export interface LocalPrograms extends AsyncDisposable {
  /** With the programs, and nothing else of BuildKit's. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether a real daemon runs. */
  readonly isReal: boolean;
}

/** The daemon is the one that `TSBUILDX_TEST_BUILDKITD` names by its path, else one that leads to the engine's BuildKit. */
export async function localPrograms(engine: TestEngine): Promise<LocalPrograms> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-programs-'));
  const real = process.env['TSBUILDX_TEST_BUILDKITD'];
  await copyRunc(dir);
  if (real === undefined) {
    const script = join(import.meta.dirname, 'fake-buildkitd.ts');
    const shim = `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`;
    await writeFile(join(dir, 'buildkitd'), shim, { mode: 0o755 });
  } else {
    await symlink(real, join(dir, 'buildkitd'));
  }
  return {
    env: { PATH: `${dir}:/usr/bin:/bin:${dirname(process.execPath)}`, TSBUILDX_TEST_ENGINE_SOCKET: engine.socket },
    isReal: real !== undefined,
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  };
}
