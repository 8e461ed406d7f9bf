import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A program with its arguments. */
export type CommandLine = readonly string[];

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds that a command takes. Throws when it fails. */
export function wallTime([program = '', ...args]: CommandLine, env: Env): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr.toString()}`);
  return elapsed;
}

/** The highest resident memory of a command's own process, in MB, sampled while it runs. */
export async function peakMemory([program = '', ...args]: CommandLine, env: Env): Promise<number> {
  const child = spawn(program, args, { env, stdio: 'ignore' });
  const exited = once(child, 'exit');
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, highWaterMark(child.pid ?? 0));
    await delay(2);
  }
  await exited;
  return peak;
}

/** The kernel keeps the mark, so that a sample misses only what came after it. */
function highWaterMark(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median and the range of the middle half. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
