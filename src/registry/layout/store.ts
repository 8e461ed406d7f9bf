// Matches containerd's local content store (plugins/content/local): same files in the same places.
import { createHash, type Hash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { isMissing } from '../../base/system-error.ts';
import { digestFault } from '../../oci/index.ts';
import { algorithmOf, blobPath } from './blob-path.ts';
import { Ingest, type IngestRequest } from './ingest.ts';
import { StoreError } from './store-error.ts';

/** A blob of a store. Times are nanoseconds since the epoch. */
export interface BlobInfo {
  readonly digest: string;
  readonly size: number;
  readonly createdAt: bigint;
  readonly updatedAt: bigint;
}

export interface BlobRange {
  readonly offset: number;
  /** Bytes; what lies beyond the end of the blob is not there. */
  readonly length: number;
}

/** A content store: the blobs of an OCI layout on disk. Errors: StoreError, IO. */
export interface OciStore {
  readonly dir: string;
  /** Undefined when there is no such blob. */
  info(digest: string): Promise<BlobInfo | undefined>;
  /**
   * The bytes of a blob in pieces, each valid until the next is asked for: views on `memory`, by default the store's own.
   * A blob that is read whole is checked: its last piece only comes when all of them together have the digest.
   */
  read(digest: string, range?: BlobRange, memory?: Buffer): AsyncIterable<Uint8Array>;
  /** All blobs, in no order. */
  blobs(): AsyncIterable<BlobInfo>;
  /** Begins to write a blob. A store that is only read refuses. */
  ingest(ref: string, request: IngestRequest): Promise<Ingest>;
  /** Throws StoreError when the blob that is expected is there. */
  refusePresent(request: IngestRequest): Promise<void>;
  /** What is being written just now. */
  readonly ingests: ReadonlyMap<string, Ingest>;
  delete(digest: string): Promise<void>;
}

const PIECE_BYTES = 1 << 20;

/** The store in a directory, which is made when something is written. A peer can only write to a `writable` one. */
export function openStore(dir: string, { writable }: { readonly writable: boolean }): OciStore {
  return new LayoutStore(dir, writable);
}

class LayoutStore implements OciStore {
  readonly dir: string;
  readonly ingests = new Map<string, Ingest>();
  readonly #isWritable: boolean;

  constructor(dir: string, isWritable: boolean) {
    this.dir = dir;
    this.#isWritable = isWritable;
  }

  async info(digest: string): Promise<BlobInfo | undefined> {
    const path = blobPath(this.dir, digest);
    try {
      return infoOf(digest, await stat(path, { bigint: true }));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw wrap('IO', `failed to read blob ${digest}`, error);
    }
  }

  async *read(digest: string, range?: BlobRange, memory?: Buffer): AsyncGenerator<Uint8Array> {
    const handle = await this.#open(digest);
    try {
      const { size } = await handle.stat();
      const { offset = 0, length = size } = range ?? {};
      if (offset > size) throw new StoreError('out of range', `read past object length ${size} bytes`);
      const end = Math.min(size, offset + length);
      const hash = offset === 0 && end === size ? createHash(algorithmOf(digest)) : undefined;
      yield* readPieces(handle, { digest, offset, end, hash, memory });
    } finally {
      await handle.close();
    }
  }

  async *blobs(): AsyncGenerator<BlobInfo> {
    for (const algorithm of ['sha256', 'sha384', 'sha512']) {
      for (const name of await namesIn(join(this.dir, 'blobs', algorithm))) {
        const digest = `${algorithm}:${name}`;
        const info = digestFault(digest) === undefined ? await this.info(digest) : undefined;
        if (info !== undefined) yield info;
      }
    }
  }

  async ingest(ref: string, request: IngestRequest): Promise<Ingest> {
    this.#requireWritable();
    if (ref === '') throw new StoreError('invalid argument', 'ref must not be empty');
    if (this.ingests.has(ref)) throw new StoreError('unavailable', `ref ${ref} locked`);
    const ingest: Ingest = new Ingest(this.dir, ref, request, () => {
      // Another may have it by now.
      if (this.ingests.get(ref) === ingest) this.ingests.delete(ref);
    });
    this.ingests.set(ref, ingest);
    try {
      await this.refusePresent(request);
      await ingest.open();
      return ingest;
    } catch (error) {
      await ingest[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A blob of the wrong size is as good as none: it is replaced. */
  async refusePresent({ expected, total }: IngestRequest): Promise<void> {
    if (expected === '') return;
    const present = await this.info(expected);
    if (present === undefined || (total > 0 && present.size !== total)) return;
    throw new StoreError('already exists', `content ${expected}`);
  }

  async delete(digest: string): Promise<void> {
    this.#requireWritable();
    await rm(blobPath(this.dir, digest), { force: true });
  }

  #requireWritable(): void {
    if (!this.#isWritable) throw new StoreError('failed precondition', `${this.dir} is only read by this build`);
  }

  /** Links are followed: some tools make layouts of links into a store of theirs. */
  async #open(digest: string): Promise<FileHandle> {
    const path = blobPath(this.dir, digest);
    let handle: FileHandle;
    try {
      // Not blocking: a named pipe would keep the open waiting.
      handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (isMissing(error)) throw new StoreError('not found', `content ${digest}`);
      throw wrap('IO', `failed to read blob ${digest}`, error);
    }
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new StoreError('not found', `content ${digest}`);
  }
}

interface Reading {
  readonly digest: string;
  readonly offset: number;
  readonly end: number;
  readonly hash: Hash | undefined;
  readonly memory: Buffer | undefined;
}

async function* readPieces(handle: FileHandle, reading: Reading): AsyncGenerator<Uint8Array> {
  const { digest, offset, end, hash } = reading;
  const buffer = reading.memory ?? Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - offset));
  if (offset === end) requireDigest(hash, digest);
  for (let at = offset; at < end; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) throw new TsbuildxError('IO', `blob ${digest} became shorter while it was read`);
    const piece = buffer.subarray(0, bytesRead);
    at += bytesRead;
    hash?.update(piece);
    if (at === end) requireDigest(hash, digest);
    yield piece;
  }
}

function requireDigest(hash: Hash | undefined, digest: string): void {
  if (hash === undefined) return;
  const found = `${algorithmOf(digest)}:${hash.digest('hex')}`;
  if (found !== digest) throw new StoreError('data loss', `the content of blob ${digest} has digest ${found}`);
}

function infoOf(digest: string, { size, mtimeNs, atimeNs, ...found }: BigIntStats): BlobInfo | undefined {
  if (!isRegular(found.mode)) return undefined;
  return { digest, size: Number(size), createdAt: mtimeNs, updatedAt: atimeNs };
}

function isRegular(mode: bigint): boolean {
  return (mode & BigInt(constants.S_IFMT)) === BigInt(constants.S_IFREG);
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw wrap('IO', 'failed to list blobs', error);
  }
}
