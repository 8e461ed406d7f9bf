// Stands in for src/cli/run.ts inside the binary: runs the program, which is an asset, with its warm code cache. Libraries
// that most builds do not need are assets of their own, evaluated when they are asked for.
import { getAssetKeys, getRawAsset, isSea } from 'node:sea';
import { Script } from 'node:vm';
import { evaluateScript, type ProgramExports, programFor, scriptName } from './evaluate-program.ts';

const loaded = new Map<string, unknown>();

function load(name: string): unknown {
  const source = Buffer.from(getRawAsset(scriptName(name))).toString('latin1');
  const script = new Script(source, { filename: scriptName(name), cachedData: codeCache(name) });
  return evaluateScript(script, name, requireAsset);
}

function requireAsset(id: string): unknown {
  if (!getAssetKeys().includes(scriptName(id))) return require(id);
  if (!loaded.has(id)) loaded.set(id, load(id));
  return loaded.get(id);
}

function codeCache(name: string): Buffer | undefined {
  try {
    return Buffer.from(getRawAsset(`${name}.cache`));
  } catch {
    return undefined; // none was made: for another platform, or for a library
  }
}

export async function run(): Promise<void> {
  if (!isSea()) throw new Error('not a single executable');
  await (load(programFor(process.argv.slice(2))) as ProgramExports).run();
}
