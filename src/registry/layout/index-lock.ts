import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFile } from '../../files/index.ts';

/** Waiting for the lock of a layout is short: it is held for the time of a write. */
const unlimited = new AbortController().signal;

/**
 * Runs `work` while nobody else who locks changes the index of the layout. The lock is the one that BuildKit's clients
 * take, and like them we leave no file behind. Errors: IO.
 */
export async function withIndexLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  await using lock = await lockFile(join(dir, 'index.json.lock'), { signal: unlimited });
  try {
    return await work();
  } finally {
    await rm(lock.path, { force: true });
  }
}
