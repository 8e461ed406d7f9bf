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
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE) await rm(path, { force: true });
    else await delay(PAUSE);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
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
