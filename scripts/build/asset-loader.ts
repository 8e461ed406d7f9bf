// Stands in for src/cli/run.ts inside the binary: runs the program, which is an asset, with its warm code cache.
import { getRawAsset, isSea } from 'node:sea';
import { Script } from 'node:vm';
import { evaluateProgram, programName, type ProgramExports } from './evaluate-program.ts';

function load(): ProgramExports {
  if (!isSea()) throw new Error('not a single executable');
  const source = Buffer.from(getRawAsset('program.js')).toString('latin1');
  const script = new Script(source, { filename: programName, cachedData: codeCache() });
  return evaluateProgram(script, require);
}

function codeCache(): Buffer | undefined {
  try {
    return Buffer.from(getRawAsset('program.cache'));
  } catch {
    return undefined; // made for a platform on which no cache could be made
  }
}

export async function run(): Promise<void> {
  await load().run();
}
