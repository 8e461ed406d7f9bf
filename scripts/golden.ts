// Runs recorded cases of the stock frontend: requests in, responses out, or compared with a golden file.
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from './golden/runner.ts';

enableCompileCache(join(import.meta.dirname, '../.cache/compiled'));
const { answerLine, compareFile, loadMode, readLines } = await import('./golden/runner.ts');

const usage = 'usage: golden MODE [--compare FILE.jsonl.gz]   (MODE: bake convert ignore lint parse shlex)';
const SHOWN_FAILURES = 10;
const SHOWN_DIFFERENCES = 5;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { compare: { type: 'string' } } });
const [mode, ...others] = positionals;
if (mode === undefined || others.length > 0) {
  console.error(usage);
  process.exitCode = 2;
} else if (values.compare === undefined) {
  await answer(mode);
} else {
  const comparison = await compareFile(mode, values.compare);
  report(comparison);
  process.exitCode = comparison.failures.length > 0 ? 1 : 0;
}

async function answer(name: string): Promise<void> {
  const loaded = await loadMode(name);
  for await (const line of readLines(process.stdin)) {
    const response = await answerLine(loaded, line);
    if (!process.stdout.write(`${response}\n`)) await once(process.stdout, 'drain');
  }
}

function report({ passed, failures }: Comparison): void {
  for (const { id, differences } of failures.slice(0, SHOWN_FAILURES)) {
    console.log(id);
    for (const difference of differences.slice(0, SHOWN_DIFFERENCES)) console.log(`  ${difference}`);
    if (differences.length > SHOWN_DIFFERENCES) console.log(`  … and ${differences.length - SHOWN_DIFFERENCES} more`);
  }
  console.log(`${passed} passed, ${failures.length} failed`);
}
