import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { wrap } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/system-error.ts';

/** Milliseconds after which the lock of a process that died counts for nothing: it is held for the time of a write. */
const STALE = 10_000;
const PAUSE = 20;

/**
 * Runs `work` while nobody else who locks changes the index of the layout. The file is the one that buildx locks; node
 * has no flock, so that here its existence is the lock. Errors: IO.
 */
export async function withIndexLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dir, 'index.json.lock');
  while (!(await create(path))) {
    if (await isStale(path)) await removeStale(path);
    else await delay(PAUSE);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
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
