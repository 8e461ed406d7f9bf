// Makes src/proto/generated.{js,d.ts} from vendor-protos, when they are older than what they come from; and what pages consist of.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePages } from './generate/pages.ts';

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

/**
 * Each message and namespace is made when it is first asked for: a build uses a few of them, and the making of all is a good
 * part of the time that a program takes to start.
 */
function withLateMessages(code: string): string {
  const late = code
    .replace(/^( +)([\w.]+)\.(\w+) = \(function\(\) \{$/gm, '$1$$late($2, "$3", function() {')
    .replace(/^( +)\}\)\(\);$/gm, '$1});');
  return `${late}
function $late(scope, name, make) {
  const define = (property) => Object.defineProperty(scope, name, { configurable: true, enumerable: true, ...property });
  define({ get: () => { const value = make(); define({ value, writable: true }); return value; } });
}
`;
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
  writeFileSync(`${outJs}.new`, withLateMessages(readFileSync(`${outJs}.new`, 'utf8')));
  renameSync(`${outTypes}.new`, outTypes);
  renameSync(`${outJs}.new`, outJs);
}

await generatePages();
