import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const inputs = ['src/**/*.{ts,css}', 'scripts/build/*.ts', 'scripts/build.ts', 'vendor-protos/**', '*.json'];

/** Path of the binary of this machine, made anew when something that it is made of is newer. */
export async function freshBinary(): Promise<string> {
  const binary = join(root, 'dist/docker-tsbuildx');
  const made = existsSync(binary) ? statSync(binary).mtimeMs : 0;
  const isStale = globSync(inputs, { cwd: root }).some((path) => statSync(join(root, path)).mtimeMs > made);
  if (isStale) execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit' });
  return binary;
}
