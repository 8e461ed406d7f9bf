// All checks and tests in one run. The last line sums up every node:test run: `N passed, M failed`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshBinary } from './build/fresh-binary.ts';
import { startEngine } from './engine/dockerd.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const work = mkdtempSync(join(tmpdir(), 'tsbuildx-test-'));

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();

function say(text: string): void {
  console.log(`== ${((Date.now() - started) / 1000).toFixed(0)} s  ${text}`);
}

/** A check that is no node:test run; a failure counts as one. */
function check(name: string, program: string, args: readonly string[]): void {
  say(name);
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === 0) return;
  totals.failed++;
  console.log(`${stdout}${stderr}${name} failed`);
}

/** One run of node:test over the files that the patterns name. What it prints is shown when it has ended. */
async function tests(
  name: string,
  patterns: readonly string[],
  options: { readonly serial?: boolean; readonly env?: object } = {},
): Promise<void> {
  say(name);
  const began = Date.now();
  const summary = join(work, `${name}.json`);
  const reporter = join(import.meta.dirname, 'test-reporter.ts');
  const concurrency = options.serial === true ? ['--test-concurrency=1'] : [];
  const args = [
    '--test',
    ...concurrency,
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    ...patterns,
  ];
  const env = {
    ...process.env,
    ...options.env,
    TEST_SUMMARY: summary,
    DOCKER_CONFIG: join(work, 'docker'),
    DOCKER_HOST: undefined,
    DOCKER_CONTEXT: undefined,
  };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => printed.push(chunk));
  await once(child, 'close');
  process.stdout.write(Buffer.concat(printed));
  const counts = readSummary(summary);
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped += counts.skipped;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(`   ${name}: ${counts.passed} passed, ${counts.failed} failed${skipped} in ${seconds} s`);
  if (counts.passed + counts.failed === 0 || (child.exitCode !== 0 && counts.failed === 0)) {
    totals.failed++;
    console.log(`${name}: the run itself failed (exit ${child.exitCode ?? child.signalCode})`);
  }
}

/** The files of a directory against an engine of their own. */
async function testsOnEngine(name: string): Promise<void> {
  await using engine = await attempt(`engine of ${name}`, startEngine);
  if (engine === undefined) return;
  await tests(name, [`test/${name}/**/*.test.ts`], { serial: true, env: { TSBUILDX_TEST_ENGINE: engine.host } });
}

function readSummary(path: string): Totals {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Totals;
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

async function attempt<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  say(name);
  try {
    return await work();
  } catch (error) {
    totals.failed++;
    console.log(error instanceof Error ? error.message : error);
    return undefined;
  }
}

check('generate', process.execPath, ['scripts/generate.ts']);
for (const project of ['.', 'src/history/page/client', 'test/integration/pages'])
  check(`typecheck ${project}`, join(bin, 'tsc'), ['-p', project]);
check('lint', join(bin, 'oxlint'), ['--type-aware', '--deny-warnings']);
check('format', join(bin, 'biome'), ['format']);
await tests('unit', ['test/unit/**/*.test.ts', 'test/*.test.ts']);
await tests('golden', ['test/golden/**/*.test.ts']);
await attempt('binary', freshBinary);
// Both wait for their engines most of the time.
await Promise.all(['integration', 'peer'].map(testsOnEngine));
rmSync(work, { recursive: true, force: true });
if (totals.skipped > 0) console.log(`${totals.skipped} tests were skipped: none may be`);
say('done');
if (totals.failed + totals.skipped > 0) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed`);
