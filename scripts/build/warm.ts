// Runs the program once, as a build would, and saves V8's code cache: functions that ran are in it.
// Arguments: wrapped program, cache file, then the words of the command line to run.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { Script } from 'node:vm';
import { evaluateScript, type ProgramExports } from './evaluate-program.ts';

const [program = '', cache = '', ...words] = process.argv.slice(2);
process.argv.splice(2, Number.POSITIVE_INFINITY, ...words);
const script = new Script(readFileSync(program, 'latin1'), { filename: basename(program) });
process.on('exit', () => writeFileSync(cache, script.createCachedData()));
await (evaluateScript(script, basename(program, '.js'), createRequire(import.meta.url)) as ProgramExports).run();
