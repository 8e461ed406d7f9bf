import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { isMissing, systemErrorCode } from '../base/system-error.ts';
import { openWithoutWaiting, readPipe } from './read-pipe.ts';
import type { TransferredFile } from './transfer-size.ts';

/** A file of a local context. */
export interface LocalFile {
  readonly data: Uint8Array;
  /** What its transfer to the daemon would have taken. */
  readonly transferred: TransferredFile;
}

/** Undefined when there is none. Errors: IO. */
export async function readLocalFile(dir: string, path: string): Promise<LocalFile | undefined> {
  try {
    return await read(join(dir, path), path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    const what = `failed to read ${path.endsWith('.dockerignore') ? path : 'dockerfile'}`;
    if (systemErrorCode(error) === 'EISDIR')
      throw new TsbuildxError('IO', `${what}: read ${path}: is a directory`, { cause: error });
    throw wrap('IO', what, error);
  }
}

/** The data of a regular file, for who can do without it; undefined when it cannot be read. */
export function peekLocalFile(dir: string | undefined, path: string): Uint8Array | undefined {
  if (dir === undefined) return undefined;
  try {
    const fd = openWithoutWaiting(join(dir, path));
    if (fstatSync(fd).isFile()) return readAndClose(fd);
    closeSync(fd);
  } catch {
    // who needs the file tells what is wrong with it
  }
  return undefined;
}

/** At once: they are small, and what waits for them would cost more. A pipe is read as its writer gets to it. */
async function read(file: string, name: string): Promise<LocalFile> {
  const fd = openWithoutWaiting(file);
  const found = fstatSync(fd, { bigint: true });
  const data = found.isFIFO() ? await readPipe(fd) : readAndClose(fd);
  return { data, transferred: { name, size: data.length, mode: Number(found.mode), mtimeNs: found.mtimeNs } };
}

function readAndClose(fd: number): Uint8Array {
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
