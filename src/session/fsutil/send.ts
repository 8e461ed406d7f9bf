// Matches fsutil/send.go on the wire: the list of files, then on request the content of each, both at once.
import { closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setImmediate as immediate } from 'node:timers/promises';
import { TsbuildxError } from '../../base/errors.ts';
import type { ServerCall } from '../method.ts';
import { FileTable, type TableFile } from './file-table.ts';
import { followLinks, withoutNested } from './follow-links.ts';
import { fromSystemError } from './fs-error.ts';
import { GoMode, isRegular } from './mode.ts';
import {
  dataHeadBytes,
  decodePacket,
  encodePacket,
  PacketType,
  statPacketBytes,
  writeDataHead,
  writeStatPacket,
} from './packet-codec.ts';
import { SLAB_BYTES, SlabPool } from './slabs.ts';
import { TreeWalk, type WalkEntry } from './walk.ts';

/** What is sent of a directory. Empty lists filter nothing. */
export interface TreePatterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Paths whose symbolic links are followed within the directory; they and what they lead to are included. */
  readonly followPaths: readonly string[];
}

export interface SendOptions {
  readonly root: string;
  readonly patterns: TreePatterns;
  /** Called now and then with all bytes sent so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Names that are looked at before other things get their turn. */
const WALK_STEP = 512;
/** Milliseconds of work after which other things get their turn. */
const TURN_MS = 10;
/** Files up to this size are read at once, several of them into one slab. */
const SMALL_BYTES = 64 * 1024;
/** What stands before the data in a slab at most. */
const HEAD_BYTES = 24;
/** A file that has become a link or a pipe since it was listed is not what the receiver asked for. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Sends a directory to the other end of the call, until the receiver says that it has all.
 * Errors: IO (names the file), INVALID_ARGUMENT, PROTOCOL; the receiver is told of them.
 */
export async function sendTree(call: ServerCall, options: SendOptions): Promise<void> {
  await new TreeSender(call, options).run();
}

class TreeSender {
  readonly #call: ServerCall;
  readonly #options: SendOptions;
  readonly #pool = new SlabPool();
  readonly #files = new FileTable();
  /** Ids that were asked for; those before `#served` are done. */
  #requested: number[] = [];
  #served = 0;
  #wake: (() => void) | undefined;
  #isFinished = false;
  /** The slab that takes everything but large files. */
  #slab: Buffer | undefined;
  #used = 0;
  #sentBytes = 0;

  constructor(call: ServerCall, options: SendOptions) {
    this.#call = call;
    this.#options = options;
  }

  async run(): Promise<void> {
    try {
      await Promise.all([this.#sendList(), this.#sendFiles(), this.#receive()]);
      await this.#call.send(encodePacket(PacketType.FIN, 0, Buffer.alloc(0)));
    } catch (error) {
      this.#finish();
      this.#pool.fail(error);
      const text = error instanceof Error ? error.message : 'unknown error';
      await this.#call.send(encodePacket(PacketType.ERR, 0, Buffer.from(text))).catch(() => undefined);
      throw error;
    }
  }

  async #sendList(): Promise<void> {
    const walk = openWalk(this.#options);
    const entries: WalkEntry[] = [];
    for (let step = WALK_STEP, more = true; more && !this.#isFinished; ) {
      const began = performance.now();
      more = walk.next(step, entries);
      if (performance.now() - began > TURN_MS) step = Math.max(step >> 1, 8);
      // No promise for each of them: there may be hundreds of thousands.
      for (const entry of entries) {
        const bytes = statPacketBytes(entry.stat);
        while (!this.#fits(bytes)) await this.#makeRoom();
        this.#putStat(entry);
      }
      entries.length = 0;
      this.#flush();
      if (more) await immediate();
    }
    // An empty message ends the list.
    while (!this.#fits(5)) await this.#makeRoom();
    this.#slab?.fill(0, this.#used, this.#used + 5);
    this.#used += 5;
    this.#flush();
  }

  #putStat({ stat, directory, name, mode }: WalkEntry): void {
    if (isRegular(stat.mode)) this.#files.add(directory, name, stat.size, mode, 0);
    else this.#files.skip();
    if (this.#slab !== undefined) this.#used = writeStatPacket(this.#slab, this.#used, stat);
  }

  async #receive(): Promise<void> {
    for await (const batch of this.#call.batches()) {
      for (const message of batch) {
        const { type, id, data } = decodePacket(message);
        if (type === PacketType.REQ) this.#requested.push(id);
        else if (type === PacketType.FIN) return this.#finish();
        else if (type === PacketType.ERR) {
          throw new TsbuildxError('PROTOCOL', `error from receiver: ${Buffer.from(data).toString()}`);
        }
      }
      if (this.#requested.length - this.#served > this.#files.count) throw invalidId(this.#requested.at(-1) ?? 0);
      this.#notify();
    }
    throw new TsbuildxError('PROTOCOL', 'the receiver left before it had all files');
  }

  async #sendFiles(): Promise<void> {
    let began = performance.now();
    while (!this.#isFinished) {
      const id = this.#requested[this.#served];
      if (id === undefined) {
        this.#requested = [];
        this.#served = 0;
        this.#flush();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      this.#served++;
      const file = this.#files.take(id);
      if (file === undefined) throw invalidId(id);
      const isSmall = file.size <= SMALL_BYTES;
      if (isSmall) while (!this.#fits(HEAD_BYTES + file.size)) await this.#makeRoom();
      if (!isSmall || !this.#putSmall(id, file)) await this.#sendLarge(id, file);
      while (!this.#fits(HEAD_BYTES)) await this.#makeRoom();
      this.#putEnd(id);
      if (performance.now() - began > TURN_MS) {
        await immediate();
        began = performance.now();
      }
    }
  }

  /** Puts a small file into the slab; false when it is not one after all, as the files of /proc. */
  #putSmall(id: number, { path, size, mode }: TableFile): boolean {
    if ((mode & GoMode.SOCKET) !== 0) return true;
    const slab = this.#slab;
    if (slab === undefined) return false;
    try {
      const file = openSync(this.#file(path), OPEN_FLAGS);
      try {
        if (size === 0) return readSync(file, slab, this.#used, 1, null) === 0;
        const start = writeDataHead(slab, this.#used, id, size);
        for (let read = 0; read < size; ) {
          const count = readSync(file, slab, start + read, size - read, null);
          if (count === 0) throw shrunk(path, size, read);
          read += count;
        }
        this.#used = start + size;
        return true;
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw fromSystemError(error, path);
    }
  }

  /** Sends a file slab by slab, reading ahead: as much as was announced, or all of one that has no size. */
  async #sendLarge(id: number, { path, size }: TableFile): Promise<void> {
    try {
      await using file = await open(this.#file(path), OPEN_FLAGS);
      const end = size === 0 ? Infinity : size;
      for (let sent = 0; sent < end && !this.#isFinished; ) {
        const slab = await this.#pool.acquire();
        const wanted = Math.min(end - sent, SLAB_BYTES - HEAD_BYTES);
        let filled = 0;
        while (filled < wanted) {
          const { bytesRead } = await file.read(slab, HEAD_BYTES + filled, wanted - filled, null);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        if (filled < wanted && size > 0) throw shrunk(path, size, sent + filled);
        if (filled === 0) return this.#pool.release(slab);
        const start = HEAD_BYTES - dataHeadBytes(id, filled);
        writeDataHead(slab, start, id, filled);
        this.#send(slab, start, HEAD_BYTES + filled);
        sent += filled;
      }
    } catch (error) {
      throw fromSystemError(error, path);
    }
  }

  #putEnd(id: number): void {
    if (this.#slab !== undefined) this.#used = writeDataHead(this.#slab, this.#used, id, 0);
  }

  #file(path: string): string {
    return `${this.#options.root}/${path}`;
  }

  #fits(bytes: number): boolean {
    return this.#slab !== undefined && this.#used + bytes <= SLAB_BYTES;
  }

  /** Puts a fresh slab in place. Others may have used it before the caller goes on: check again. */
  async #makeRoom(): Promise<void> {
    this.#flush();
    const slab = await this.#pool.acquire();
    if (this.#slab !== undefined) return this.#pool.release(slab);
    this.#slab = slab;
    this.#used = 0;
  }

  #flush(): void {
    const slab = this.#slab;
    if (slab === undefined || this.#used === 0) return;
    this.#slab = undefined;
    this.#send(slab, 0, this.#used);
  }

  #send(slab: Buffer, start: number, end: number): void {
    this.#sentBytes += end - start;
    this.#options.onProgress?.(this.#sentBytes);
    this.#call.sendFramed(slab.subarray(start, end)).then(
      () => this.#pool.release(slab),
      (error: unknown) => this.#pool.fail(error),
    );
  }

  #finish(): void {
    this.#isFinished = true;
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Errors: IO, INVALID_ARGUMENT. */
function openWalk({ root, patterns }: SendOptions): TreeWalk {
  let include: readonly string[] = patterns.include;
  if (patterns.followPaths.length > 0) {
    const followed = followLinks(root, patterns.followPaths);
    if (followed !== undefined) include = withoutNested([...include, ...followed]) ?? [];
  }
  return new TreeWalk(root, { include, exclude: patterns.exclude });
}

/** The directory behind a path, without links on the way. Errors: IO. */
export function resolveRoot(path: string): string {
  try {
    const root = realpathSync(path);
    if (statSync(root).isDirectory()) return root === '/' ? '' : root;
  } catch (error) {
    throw fromSystemError(error, path);
  }
  throw new TsbuildxError('IO', `${path}: not a directory`);
}

function shrunk(path: string, size: number, read: number): TsbuildxError {
  return new TsbuildxError('IO', `${path} has changed while it was sent: it had ${size} bytes and now has ${read}`);
}

function invalidId(id: number): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `invalid file id ${id}`);
}
