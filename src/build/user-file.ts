import { open, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { systemErrorCode } from '../base/system-error.ts';
import { openWithoutWaiting, readPipe } from './read-pipe.ts';

/** A file that an option names, relative to a directory; messages name it as the option does. */
export class UserFile {
  readonly path: string;
  readonly resolved: string;

  constructor(path: string, cwd: string) {
    this.path = path;
    this.resolved = resolve(cwd, path);
  }

  async stat(): Promise<Stats> {
    try {
      // an empty path is none, not the directory
      return await stat(this.path === '' ? '' : this.resolved);
    } catch (error) {
      throw this.#failure('NOT_FOUND', error);
    }
  }

  /** The first `limit` bytes at most: what is named may be a pipe, whose writer is waited for, or a device. */
  async read(limit: number, { signal }: { readonly signal: AbortSignal }): Promise<Buffer> {
    try {
      if ((await this.stat()).isFIFO()) return await readPipe(openWithoutWaiting(this.resolved), { limit, signal });
      await using file = await open(this.resolved);
      const buffer = Buffer.alloc(limit);
      for (let length = 0; ; ) {
        const { bytesRead } = await file.read(buffer, length, limit - length);
        length += bytesRead;
        if (bytesRead === 0 || length === limit) return buffer.subarray(0, length);
      }
    } catch (error) {
      throw this.#failure('IO', error);
    }
  }

  #failure(code: 'NOT_FOUND' | 'IO', error: unknown): TsbuildxError {
    if (error instanceof TsbuildxError) return error;
    const message =
      systemErrorCode(error) === 'EISDIR'
        ? `read ${this.path}: is a directory`
        : messageOf(error).replace(this.resolved, () => this.path);
    return new TsbuildxError(code, message, { cause: error });
  }
}
