import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wrap } from '../../base/errors.ts';
import { makeDirectories } from '../../files/index.ts';
import { algorithmOf, blobPath } from './blob-path.ts';
import { StoreError } from './store-error.ts';

export interface IngestRequest {
  /** Bytes that the blob will have; 0: not known. */
  readonly total: number;
  /** The digest that it will have; empty: not known. */
  readonly expected: string;
}

/**
 * A blob that is being written, under a temporary name until its digest is proven. Disposing forgets what is not
 * committed. Errors: StoreError, IO.
 */
export class Ingest implements AsyncDisposable {
  readonly ref: string;
  /** Nanoseconds since the epoch. */
  readonly startedAt: bigint = now();
  #updatedAt = this.startedAt;
  readonly #dir: string;
  readonly #release: () => void;
  readonly #algorithm: string;
  #total: number;
  #offset = 0;
  #hash: Hash;
  #file: { readonly path: string; readonly handle: FileHandle } | undefined;

  /** @param release called when the reference is free again, maybe twice. */
  constructor(dir: string, ref: string, { total, expected }: IngestRequest, release: () => void) {
    this.ref = ref;
    this.#dir = dir;
    this.#release = release;
    this.#total = total;
    if (expected !== '') blobPath(dir, expected); // only to refuse what is no digest
    this.#algorithm = expected === '' ? 'sha256' : algorithmOf(expected);
    this.#hash = createHash(this.#algorithm);
  }

  /** Bytes written so far. */
  get offset(): number {
    return this.#offset;
  }

  get total(): number {
    return this.#total;
  }

  get updatedAt(): bigint {
    return this.#updatedAt;
  }

  /** Digest of what is written so far. */
  get digest(): string {
    return `${this.#algorithm}:${this.#hash.copy().digest('hex')}`;
  }

  async open(): Promise<void> {
    const folder = join(this.#dir, 'ingest');
    const path = join(folder, randomBytes(16).toString('hex'));
    try {
      makeDirectories(folder);
      this.#file = { path, handle: await open(path, 'wx', 0o444) };
    } catch (error) {
      throw wrap('IO', 'failed to begin a blob', error);
    }
  }

  async write(data: Uint8Array): Promise<void> {
    const { handle } = this.#opened();
    if (this.#total > 0 && this.#offset + data.length > this.#total) {
      throw new StoreError('failed precondition', `blob of ref ${this.ref} is larger than ${this.#total} bytes`);
    }
    const writing = writeAll(handle, data, this.#offset);
    this.#hash.update(data); // while the disk is at work
    await writing;
    this.#offset += data.length;
    this.#updatedAt = now();
  }

  /** Begins again. */
  async restart(): Promise<void> {
    try {
      await this.#opened().handle.truncate(0);
    } catch (error) {
      throw wrap('IO', 'failed to write a blob', error);
    }
    this.#offset = 0;
    this.#hash = createHash(this.#algorithm);
  }

  /** The blob is complete and gets its name; answers its digest. */
  async commit({ total, expected }: IngestRequest): Promise<string> {
    const { handle, path } = this.#opened();
    const size = total > 0 ? total : this.#total;
    if (size > 0 && size !== this.#offset) {
      throw new StoreError('failed precondition', `unexpected commit size ${this.#offset}, expected ${size}`);
    }
    const { digest } = this;
    if (expected !== '' && expected !== digest) {
      throw new StoreError('failed precondition', `unexpected commit digest ${digest}, expected ${expected}`);
    }
    const target = blobPath(this.#dir, digest);
    try {
      await handle.sync();
      makeDirectories(dirname(target));
      const present = await stat(target).catch(() => undefined);
      if (present?.isFile() === true && present.size === this.#offset) {
        throw new StoreError('already exists', `content ${digest}`);
      }
      await rename(path, target);
    } catch (error) {
      throw error instanceof StoreError ? error : wrap('IO', `failed to write blob ${digest}`, error);
    }
    await handle.close();
    this.#file = undefined;
    this.#release();
    return digest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#release();
    if (file === undefined) return;
    try {
      await file.handle.close();
    } finally {
      await rm(file.path, { force: true });
    }
  }

  #opened(): { readonly path: string; readonly handle: FileHandle } {
    if (this.#file === undefined) throw new StoreError('failed precondition', `ref ${this.ref} is not being written`);
    return this.#file;
  }
}

async function writeAll(handle: FileHandle, data: Uint8Array, position: number): Promise<void> {
  try {
    for (let at = 0; at < data.length; ) {
      at += (await handle.write(data, at, data.length - at, position + at)).bytesWritten;
    }
  } catch (error) {
    throw wrap('IO', 'failed to write a blob', error);
  }
}

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
