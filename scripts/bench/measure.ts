import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A program with its arguments. */
export type CommandLine = readonly string[];

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds between two looks at the machine, how much of them it may work, and how long it is waited for. */
const LOOK_MS = 250;
const BUSY = 0.05;
const LIMIT_MS = 30_000;

/** Waits until the machine rests: what the last run left to be removed or written is not the next one's work. */
export async function untilIdle(): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (let last = processorTimes(); performance.now() < deadline; ) {
    await delay(LOOK_MS);
    const now = processorTimes();
    if (now.busy - last.busy <= BUSY * (now.all - last.all)) return;
    last = now;
  }
}

/** Time of all processors since boot; waiting for a disk is work. */
function processorTimes(): { readonly busy: number; readonly all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
  const times = line.trim().split(/\s+/).slice(1).map(Number);
  const all = times.reduce((sum, time) => sum + time, 0);
  return { busy: all - (times[3] ?? 0), all };
}

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
