// Matches fsutil/receive.go on the wire: takes the list of files, asks for each one's content, writes what comes.
import { setImmediate as immediate } from 'node:timers/promises';
import { TsbuildxError } from '../../base/errors.ts';
import type { ServerCall } from '../method.ts';
import { FileTable, type TableFile } from './file-table.ts';
import { toSeconds } from './file-time.ts';
import type { FileWriter } from './file-writer.ts';
import { fromSystemError } from './fs-error.ts';
import { GoMode, isDirectory, isRegular, isSymlink } from './mode.ts';
import { PathValidator } from './order.ts';
import { decodePacket, encodePacket, encodeRequests, type Packet, PacketType } from './packet-codec.ts';
import type { Stat } from './stat.ts';
import { TreeWriter } from './tree-writer.ts';

/** Content of a file up to which it is written without leaving the thread. */
const SMALL_BYTES = 256 * 1024;
/** A sender has few files at a time on the way. */
const MAX_WRITING = 64;
/** Milliseconds of work after which other things get their turn. */
const TURN_MS = 10;

export interface ReceiveOptions {
  readonly dest: string;
  /** Removes what is in the directory and not in the tree, when all files are complete. Default false. */
  readonly deletes?: boolean | undefined;
}

/**
 * Writes the tree that comes in into a directory, over what is there. The directory is created when the first packet
 * comes. Nothing is written outside of it, and what was not complete is removed.
 * Errors: IO (names the path), PROTOCOL; the sender is told of them.
 */
export async function receiveTree(call: ServerCall, options: ReceiveOptions): Promise<void> {
  await using receiver = new TreeReceiver(call, options);
  await receiver.run();
}

/** A file whose content is coming. */
interface Incoming {
  readonly file: TableFile;
  writer: FileWriter | undefined;
  /** What has come in this batch. */
  pieces: Uint8Array[];
  bytes: number;
  isComplete: boolean;
}

class TreeReceiver implements AsyncDisposable {
  readonly #call: ServerCall;
  readonly #dest: string;
  readonly #validator = new PathValidator();
  readonly #files = new FileTable();
  /** Neither files with content, nor directories or symbolic links: what may be linked to besides files. */
  readonly #specials = new Set<string>();
  readonly #incoming = new Map<number, Incoming>();
  /** All paths of the tree, where others are removed. */
  readonly #kept: Set<string> | undefined;
  #writer: TreeWriter | undefined;
  #requests: number[] = [];
  /** Files of which some content has come, but not all. */
  #begun = 0;
  /** Files that are not written. */
  #missing = 0;
  #hasList = false;
  #isFinished = false;

  constructor(call: ServerCall, { dest, deletes = false }: ReceiveOptions) {
    this.#call = call;
    this.#dest = dest;
    this.#kept = deletes ? new Set() : undefined;
  }

  async run(): Promise<void> {
    try {
      for await (const batch of this.#call.batches()) {
        for (const message of batch) {
          const packet = decodePacket(message);
          if (packet.type === PacketType.FIN) return this.#end();
          this.#take(packet);
        }
        await this.#write();
        this.#request();
        if (this.#hasList && this.#missing === 0 && !this.#isFinished) await this.#finish();
      }
      throw new TsbuildxError('PROTOCOL', 'the sender left before it had sent all files');
    } catch (error) {
      const failure = fromSystemError(error, this.#dest);
      await this.#call.send(encodePacket(PacketType.ERR, 0, Buffer.from(failure.message))).catch(() => undefined);
      throw failure;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { writer } of this.#incoming.values()) writer?.abandon();
    this.#writer?.[Symbol.dispose]();
  }

  #take({ type, id, stat, data }: Packet): void {
    switch (type) {
      case PacketType.STAT:
        this.#writer ??= new TreeWriter(this.#dest);
        if (stat === undefined) this.#hasList = true;
        else this.#takeStat(stat, this.#writer);
        break;
      case PacketType.DATA:
        this.#takeData(id, data);
        break;
      case PacketType.ERR:
        throw new TsbuildxError('PROTOCOL', `error from sender: ${Buffer.from(data).toString()}`);
      default:
        throw new TsbuildxError('PROTOCOL', `unexpected packet of type ${type}`);
    }
  }

  #takeStat(stat: Stat, writer: TreeWriter): void {
    const { path, mode } = stat;
    if (this.#hasList) throw new TsbuildxError('PROTOCOL', `${path} comes after the end of the list`);
    this.#validator.check(path, isDirectory(mode));
    this.#kept?.add(path);
    const isFile = isRegular(mode);
    // An id is given to each entry; a hard link has the type of what it leads to.
    if (isFile && stat.linkname === '') {
      const slash = path.lastIndexOf('/');
      this.#requests.push(this.#files.count);
      this.#files.add(
        slash < 0 ? '' : path.slice(0, slash),
        path.slice(slash + 1),
        stat.size,
        mode,
        toSeconds(stat.modTime),
      );
      this.#missing++;
      return;
    }
    this.#files.skip();
    if (isDirectory(mode)) writer.directory(stat);
    else if (isSymlink(mode)) writer.symlink(stat);
    else if (stat.linkname !== '') writer.hardLink(stat);
    else if ((mode & (GoMode.DEVICE | GoMode.NAMED_PIPE | GoMode.CHAR_DEVICE)) !== 0) {
      this.#specials.add(path);
      writer.special(stat);
    } else throw new TsbuildxError('PROTOCOL', `${path} has the unknown mode ${mode.toString(16)}`);
  }

  #takeData(id: number, data: Uint8Array): void {
    let incoming = this.#incoming.get(id);
    if (incoming === undefined) {
      const file = this.#files.take(id);
      if (file === undefined) throw new TsbuildxError('PROTOCOL', `invalid file request ${id}`);
      if (this.#begun >= MAX_WRITING) throw new TsbuildxError('PROTOCOL', 'the sender sends too many files at a time');
      this.#begun++;
      incoming = { file, writer: undefined, pieces: [], bytes: 0, isComplete: false };
      this.#incoming.set(id, incoming);
    }
    if (incoming.isComplete) throw new TsbuildxError('PROTOCOL', `invalid file request ${id}`);
    if (data.length === 0) {
      incoming.isComplete = true;
      this.#begun--;
    } else {
      incoming.pieces.push(data);
      incoming.bytes += data.length;
    }
  }

  /** Writes what has come in a batch: its bytes are not valid any longer. */
  async #write(): Promise<void> {
    let began = performance.now();
    const writer = this.#writer;
    if (writer === undefined) return;
    for (const [id, incoming] of this.#incoming) {
      const { file, pieces, bytes, isComplete } = incoming;
      if (pieces.length === 0 && !isComplete) continue;
      incoming.pieces = [];
      incoming.bytes = 0;
      const out = (incoming.writer ??= writer.file(file));
      try {
        if (isComplete && bytes <= SMALL_BYTES) out.writeSync(pieces);
        else await out.write(pieces);
      } catch (error) {
        throw fromSystemError(error, file.path);
      }
      if (isComplete) {
        writer.finishFile(file, out);
        this.#incoming.delete(id);
        this.#missing--;
      }
      if (performance.now() - began > TURN_MS) {
        await immediate();
        began = performance.now();
      }
    }
  }

  /** Asks for files. Not awaited: the sender may not read requests while it waits for us to read content. */
  #request(): void {
    if (this.#requests.length === 0) return;
    const requests = encodeRequests(this.#requests);
    this.#requests = [];
    this.#call.sendFramed(requests).catch(() => undefined);
  }

  async #finish(): Promise<void> {
    const writer = this.#writer;
    this.#checkLinks(writer?.linkTargets ?? new Set());
    if (this.#kept !== undefined) writer?.prune(this.#kept);
    writer?.finish();
    this.#isFinished = true;
    await this.#call.send(encodePacket(PacketType.FIN, 0, Buffer.alloc(0)));
  }

  #checkLinks(targets: ReadonlySet<string>): void {
    const unknown = new Set(targets);
    if (unknown.size === 0) return;
    for (const path of this.#specials) unknown.delete(path);
    for (const path of this.#files.paths()) unknown.delete(path);
    for (const path of unknown)
      throw new TsbuildxError('PROTOCOL', `invalid link to unknown path: ${JSON.stringify(path)}`);
  }

  #end(): void {
    if (!this.#isFinished) throw new TsbuildxError('PROTOCOL', 'the sender ended before it had sent all files');
  }
}
