import { open, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';
import type { FileLock } from './file-lock.ts';

/** Milliseconds: a holder shows that it lives each REFRESH, and after STALE without counts as dead. */
const STALE = 10_000;
const REFRESH = 2000;
const PAUSE = 20;

/** Waits until the file is not there and makes it: its existence is the lock. Rejects with IO, CANCELED. */
export async function holdExclusively(path: string, { signal }: { readonly signal: AbortSignal }): Promise<FileLock> {
  while (!(await create(path))) {
    if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
    if (await isStale(path)) await removeStale(path);
    else await delay(PAUSE);
  }
  const beat = setInterval(() => void touch(path), REFRESH).unref();
  return {
    path,
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

async function isStale(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > STALE;
}

/** One at a time and after another look: all who wait see the same stale lock, and the second would remove a new one. */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.stale`;
  if (!(await create(guard))) {
    if (await isStale(guard)) await rm(guard, { force: true });
    else await delay(PAUSE);
    return;
  }
  try {
    if (await isStale(path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw wrap('IO', `could not lock ${path}`, error);
  }
}
