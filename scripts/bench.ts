// Measures against docker-buildx on the same engine, in one run, alternating. `--json FILE` writes rows, `--only a,b`
// chooses cases, `--runs N` sets the number of runs of each program.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCase, caseNames, clearOutput, prepareCase } from './bench/cases.ts';
import { baseName, pruneCache } from './bench/engine.ts';
import { type BenchServices, startServices } from './bench/services.ts';
import { peakMemory, type Spread, spreadOf, untilIdle, wallTime } from './bench/measure.ts';
import { freshBinary } from './build/fresh-binary.ts';
import { importBaseImage } from './engine/base-image.ts';
import { buildxPeer } from './engine/bundles.ts';
import { type Engine, startEngine } from './engine/dockerd.ts';

interface Row {
  readonly name: string;
  /** Median milliseconds. */
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  /** Peak resident memory of our process. */
  readonly rssMB: number;
}

/** At most: a program's peak varies little. */
const memoryRuns = 3;
const programs = { ours: await freshBinary(), peer: await buildxPeer() };
type Side = keyof typeof programs;

let runNumber = 0;

async function measureCase(
  bench: BenchCase,
  runs: number,
  engine: Engine,
  { env, registry }: BenchServices,
): Promise<Row> {
  const command = (side: Side): string[] => {
    const run = String(++runNumber);
    return [programs[side], ...bench.args.map((arg) => arg.replace('$RUN', run).replace('$REGISTRY', registry))];
  };
  const prepare = async (): Promise<void> => {
    if (bench.before === 'prune') await pruneCache(engine.socket);
    if (bench.before === 'clear') clearOutput();
    if (bench.before === 'nothing') return;
    spawnSync('sync');
    await untilIdle();
  };
  const times: Record<Side, number[]> = { ours: [], peer: [] };
  for (let run = bench.warm ? -1 : 0; run < runs; run++) {
    const order: readonly Side[] = run % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours'];
    for (const side of order) {
      await prepare();
      const elapsed = wallTime(command(side), env);
      if (run >= 0) times[side].push(elapsed);
    }
  }
  const memory: Record<Side, number> = { ours: 0, peer: 0 };
  for (let run = 0; run < Math.min(memoryRuns, runs); run++) {
    for (const side of ['ours', 'peer'] as const) {
      await prepare();
      memory[side] = Math.max(memory[side], await peakMemory(command(side), env));
    }
  }
  const [ours, peer] = [spreadOf(times.ours), spreadOf(times.peer)];
  const ratio = ours.median / peer.median;
  const cells = [bench.name.padEnd(13), shown(ours), shown(peer), ratio.toFixed(2).padStart(6)];
  console.log([...cells, memory.ours.toFixed(0).padStart(9), memory.peer.toFixed(0).padStart(9)].join(' '));
  return {
    name: bench.name,
    ours: round(ours.median),
    peer: round(peer.median),
    ratio: round(ratio),
    rssMB: Math.round(memory.ours),
  };
}

function shown({ median, low, high }: Spread): string {
  return `${median.toFixed(1)} (${low.toFixed(0)}–${high.toFixed(0)})`.padStart(22);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' }, runs: { type: 'string' } },
});
const configDir = mkdtempSync(join(tmpdir(), 'tsbuildx-bench-'));
const rows: Row[] = [];
try {
  await using engine = await startEngine();
  await importBaseImage(engine.socket, baseName);
  await using services = await startServices(engine, programs.peer, configDir);
  console.log(
    `${'case'.padEnd(13)} ${'ours ms (quartiles)'.padStart(22)} ${'buildx ms (quartiles)'.padStart(22)}  ratio    RSS MB buildx MB`,
  );
  for (const name of values.only?.split(',') ?? caseNames) {
    const bench = prepareCase(name);
    rows.push(await measureCase(bench, Number(values.runs ?? bench.runs), engine, services));
  }
} finally {
  clearOutput();
  rmSync(configDir, { recursive: true, force: true });
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
