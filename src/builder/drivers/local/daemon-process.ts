// The process of a daemon that outlives the one that started it.
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError } from '../../../base/errors.ts';
import { replaceFile } from '../../../files/index.ts';
import type { CallOptions } from '../driver.ts';
import type { Place } from './place.ts';

/** Milliseconds that a daemon may take to end its steps and itself. */
const STOP_MS = 10_000;
const PAUSE_MS = 25;

/** Notes which process the daemon is. A number alone is not enough: others get it later. */
export async function writePid({ pidFile }: Place, pid: number): Promise<void> {
  await replaceFile(pidFile, `${pid} ${startOf(pid)}\n`, 0o600);
}

/** The process of the daemon; undefined when it does not run. */
export async function runningPid({ pidFile }: Place): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '');
  const [, pid, start] = /^(\d+) (\d+)\n$/.exec(text) ?? [];
  return pid !== undefined && startOf(Number(pid)) === start ? Number(pid) : undefined;
}

/** Ends the daemon when it runs, at last by force. Rejects with IO (it is somebody else's) and CANCELED. */
export async function stopProcess(place: Place, { signal }: CallOptions): Promise<void> {
  const pid = await runningPid(place);
  if (pid !== undefined) {
    kill(pid, 'SIGTERM');
    if (!(await hasEnded(place, signal))) {
      kill(pid, 'SIGKILL');
      await hasEnded(place, signal);
    }
  }
  await Promise.all([place.pidFile, place.socket, place.otelSocket].map((path) => rm(path, { force: true })));
}

async function hasEnded(place: Place, signal: AbortSignal): Promise<boolean> {
  for (let waited = 0; waited < STOP_MS; waited += PAUSE_MS) {
    if ((await runningPid(place)) === undefined) return true;
    if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
    await delay(PAUSE_MS);
  }
  return false;
}

function kill(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(pid, how);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return;
    throw new TsbuildxError('IO', `cannot stop the daemon: process ${pid} is not ours`, { cause });
  }
}

/** When a process began, in ticks since the machine did; empty when there is none, or only what is left of one. */
function startOf(pid: number): string {
  try {
    // its name may hold spaces and brackets
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
