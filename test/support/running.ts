// Programs that are watched and disturbed while they run.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ran, RunOptions } from './engine.ts';

export const mainProgram: string = join(import.meta.dirname, '../../src/cli/main.ts');

export interface Ended extends Ran {
  readonly signal: NodeJS.Signals | null;
}

export interface Running {
  readonly child: ChildProcess;
  /** How it ended. */
  readonly ended: Promise<Ended>;
  /** What it has said on stderr. */
  text(): string;
  /** Waits until stderr holds this; rejects when the program ends without it. */
  said(pattern: RegExp): Promise<void>;
  /** Processes that it started and that still run. */
  descendants(): readonly number[];
}

/** Starts this project's sources with a command line, after a prefix such as `setpriv …`. */
export function startOurs(args: readonly string[], options: RunOptions = {}, prefix: readonly string[] = []): Running {
  const [program = '', ...words] = [...prefix, process.execPath, mainProgram, ...args];
  return startProgram(program, words, options);
}

export function startProgram(program: string, args: readonly string[], options: RunOptions = {}): Running {
  const mark = `TSBX_MARK=${randomUUID()}`;
  const env = { ...process.env, ...options.env, TSBX_MARK: mark.slice('TSBX_MARK='.length) };
  const child = spawn(program, [...args], { cwd: options.cwd, env, stdio: 'pipe' });
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const check of waiting) check();
    });
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(typeof options.stdin === 'string' ? options.stdin : '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    child,
    ended,
    text: () => output.stderr,
    said: async (pattern) => {
      const found = Promise.withResolvers<void>();
      const check = (): void => {
        if (pattern.test(output.stderr)) found.resolve();
      };
      waiting.add(check);
      check();
      void ended.then(() => found.reject(new Error(`ended without saying ${pattern.source}:\n${output.stderr}`)));
      await found.promise;
      waiting.delete(check);
    },
    descendants: () => processesWith(mark).filter((pid) => pid !== child.pid),
  };
}

/** Rejects with `what` when `work` takes longer than `ms`. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const abort = new AbortController();
  const tooLate = delay(ms, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`not within ${ms} ms: ${what}`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    abort.abort();
    tooLate.catch(() => undefined);
  }
}

/** Waits until `holds` is true. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

function processesWith(mark: string): number[] {
  const has = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && has(name))
    .map(Number);
}

/** True when some process of this machine was called with exactly these words. */
export function isRunning(words: readonly string[]): boolean {
  const wanted = `${words.join('\0')}\0`;
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1') === wanted;
    } catch {
      return false;
    }
  });
}
