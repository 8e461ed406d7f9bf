// Makes src/proto/generated.{js,d.ts} from vendor-protos, when they are older than what they come from.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const outJs = join(root, 'src/proto/generated.js');
const outTypes = join(root, 'src/proto/generated.d.ts');
const protos = globSync('vendor-protos/**/*.proto', { cwd: root }).sort();
const inputs = [...protos, 'scripts/generate.ts', 'node_modules/protobufjs-cli/package.json'].map((p) => join(root, p));

function isFresh(): boolean {
  if (!existsSync(outJs) || !existsSync(outTypes)) return false;
  const made = Math.min(statSync(outJs).mtimeMs, statSync(outTypes).mtimeMs);
  return inputs.every((path) => statSync(path).mtimeMs <= made);
}

if (!isFresh()) {
  const bin = (name: string): string => join(root, 'node_modules/protobufjs-cli/bin', name);
  const lean = ['convert', 'verify', 'create', 'delimited', 'typeurl', 'service'].map((part) => `--no-${part}`);
  const run = (script: string, args: string[]): void => {
    execFileSync(process.execPath, [bin(script), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  const module = ['-t', 'static-module', '-w', 'esm', '-p', 'vendor-protos', '--keep-case', '--force-long', ...lean];
  const commented = `${outJs}.commented.js`;
  run('pbjs', [...module, '-o', commented, ...protos]);
  run('pbts', ['-o', `${outTypes}.new`, commented]);
  run('pbjs', [...module, '--no-comments', '-o', `${outJs}.new`, ...protos]);
  rmSync(commented);
  renameSync(`${outTypes}.new`, outTypes);
  renameSync(`${outJs}.new`, outJs);
}
