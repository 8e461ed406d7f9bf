import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TsbuildxError } from '../../base/errors.ts';
import { makeDirectories } from '../../files/index.ts';
import { fromSystemError, isMissing } from './fs-error.ts';
import { MAX_PIECES, withoutBytes } from './pieces.ts';

/** Where the content goes until it is complete. */
interface Opened {
  readonly handle: FileHandle;
  /** The file that is replaced in the end; undefined when it is written directly, because it is a device or a pipe. */
  readonly replace: { readonly path: string; readonly mode: number | undefined } | undefined;
  readonly path: string;
}

/** A file of this machine that is written as a whole or not at all. It is created when content comes. */
export class FileTarget implements AsyncDisposable {
  readonly #path: string;
  #opened: Opened | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Errors: IO. */
  async write(pieces: readonly Uint8Array[]): Promise<void> {
    try {
      const { handle } = (this.#opened ??= await this.#open());
      for (let rest = pieces; rest.length > 0; ) {
        const { bytesWritten } = await handle.writev(rest.slice(0, MAX_PIECES));
        rest = withoutBytes(rest, bytesWritten);
      }
    } catch (error) {
      throw fromSystemError(error, this.#path);
    }
  }

  /** The content is complete: the file gets its name. Errors: IO. */
  async finish(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    try {
      await opened.handle.close();
      if (opened.replace !== undefined) {
        if (opened.replace.mode !== undefined) await chmod(opened.path, opened.replace.mode);
        await rename(opened.path, opened.replace.path);
      }
      this.#opened = undefined;
    } catch (error) {
      throw fromSystemError(error, this.#path);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    await opened.handle.close();
    if (opened.replace !== undefined) await rm(opened.path, { force: true });
  }

  async #open(): Promise<Opened> {
    makeDirectories(dirname(this.#path), 0o755);
    const existing = await stat(this.#path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (existing?.isDirectory() === true) throw new TsbuildxError('IO', `open ${this.#path}: is a directory`);
    if (existing !== undefined && !existing.isFile()) {
      return { handle: await open(this.#path, constants.O_WRONLY), replace: undefined, path: this.#path };
    }
    const target = existing === undefined ? this.#path : await realpath(this.#path);
    const path = join(dirname(target), `.${basename(target)}.tmp-${randomBytes(6).toString('hex')}`);
    const handle = await open(path, 'wx', 0o666);
    return { handle, replace: { path: target, mode: existing && existing.mode & 0o7777 }, path };
  }
}
