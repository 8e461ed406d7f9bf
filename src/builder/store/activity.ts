import { join } from 'node:path';
import { readIfThere, type StateDir, writeStateFile } from './state-dir.ts';

/**
 * When the builder was used last, as far as it is written down; a file that is empty or broken is no reason to have no
 * builders. Throws IO.
 */
export function lastActivity(dir: StateDir, builder: string): Date | undefined {
  const text = readIfThere(activityPath(dir, builder));
  if (text === undefined) return undefined;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isTime ? text : Number.NaN);
  return Number.isNaN(time.valueOf()) ? undefined : time;
}

/**
 * Notes that a builder is used, to the second. It replaces one file and reads nothing, so that no lock is needed.
 * Throws what the system says.
 */
export function noteActivity(dir: StateDir, builder: string, now: Date): void {
  const text = now.toISOString().replace(/\.\d+Z$/, 'Z');
  writeStateFile(dir, join('activity', builder), text, { mode: 0o600 });
}

export function activityPath(dir: StateDir, builder: string): string {
  return join(dir.path, 'activity', builder);
}
