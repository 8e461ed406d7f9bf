import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What a file is written from. */
export type FileContent = string | AsyncIterable<Uint8Array>;

/**
 * Writes a file whole or not at all: a reader sees the old one or the new one, never a part.
 * Throws what the system says, and the content; nothing is left behind then.
 */
export async function replaceFile(path: string, content: FileContent, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(temporary, content, { flag: 'wx', mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // Nobody knows the other name.
    if (error instanceof Error && 'path' in error) error.message = error.message.replaceAll(temporary, path);
    throw error;
  }
}
