// Matches fsutil/fs.go and filter.go: depth first, entries by the bytes of their names, a directory before its content.
import { isUtf8 } from 'node:buffer';
import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { TsbuildxError } from '../../base/errors.ts';
import { type DirectoryMatch, TreeFilter, type FilterPatterns, Verdict } from './filter.ts';
import { fromSystemError, isMissing, systemErrorCode } from './fs-error.ts';
import { GoMode, goMode, isDirectory, isSymlink } from './mode.ts';
import type { Stat } from './stat.ts';

/** One entry of a walk. */
export interface WalkEntry {
  readonly stat: Stat;
  /** Path of its directory, empty for the root. */
  readonly directory: string;
  readonly name: string;
  /** With the bit of a socket, which goes over the wire as an empty file but cannot be opened. */
  readonly mode: number;
}

interface OpenDirectory {
  readonly path: string;
  /** Bytes of the names, one character a byte, in order. */
  readonly names: readonly string[];
  next: number;
  readonly match: DirectoryMatch | undefined;
  /** What is still to be sent for it, once something in it is. */
  unsent: WalkEntry | undefined;
}

const IS_WINDOWS = process.platform === 'win32';
const NOT_ASCII = /[^\0-\x7f]/;

/** A walk through a directory, as far as its caller asks for entries; all file system calls are synchronous. */
export class TreeWalk {
  readonly #root: string;
  readonly #filter: TreeFilter;
  readonly #open: OpenDirectory[] = [];
  /** First path that was sent of each file with several links, by device and inode. */
  readonly #links = new Map<string, string>();
  #scratch: DirectoryMatch;

  /** `root` is a directory without links on the way. Errors: INVALID_ARGUMENT (patterns), IO. */
  constructor(root: string, patterns: FilterPatterns) {
    this.#root = root;
    this.#filter = new TreeFilter(patterns);
    this.#scratch = this.#filter.newMatch();
    const names = this.#names('', false);
    if (names !== undefined) this.#open.push({ path: '', names, next: 0, match: undefined, unsent: undefined });
  }

  /**
   * Looks at the next `count` names, adds the entries that are sent, and tells whether there may be more.
   * Errors: IO (names the path), INVALID_ARGUMENT for a name that is not UTF-8.
   */
  next(count: number, entries: WalkEntry[]): boolean {
    for (let i = 0; i < count; i++) {
      const directory = this.#open.at(-1);
      if (directory === undefined) return false;
      const name = directory.names[directory.next++];
      if (name === undefined) this.#open.pop();
      else this.#visit(directory, name, entries);
    }
    return true;
  }

  #visit(directory: OpenDirectory, bytes: string, entries: WalkEntry[]): void {
    const raw = NOT_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1') : undefined;
    const name = raw === undefined ? bytes : raw.toString();
    const path = directory.path === '' ? name : `${directory.path}/${name}`;
    const match = this.#scratch;
    const verdict = this.#filter.judge(path, directory.match, match);
    if (verdict === Verdict.SKIP) return;
    if (raw !== undefined && !isUtf8(raw)) return this.#refuseName(directory, raw, verdict);

    const status = this.#lstat(path, verdict !== Verdict.SEND);
    if (status === undefined) return;
    const isDir = status.isDirectory();
    if (!isDir) {
      if (verdict === Verdict.SEND) this.#send(this.#entry(directory, name, path, status), entries);
      return;
    }
    const names = this.#names(path, verdict === Verdict.LOOK_INSIDE);
    if (names === undefined) return;
    const entry = this.#entry(directory, name, path, status);
    if (verdict === Verdict.SEND) this.#send(entry, entries);
    this.#scratch = this.#filter.newMatch();
    this.#open.push({ path, names, next: 0, match, unsent: verdict === Verdict.SEND ? undefined : entry });
  }

  /** Sends an entry, after the directories above it that were not sent so far. */
  #send(entry: WalkEntry, entries: WalkEntry[]): void {
    for (const directory of this.#open) {
      if (directory.unsent === undefined) continue;
      entries.push(directory.unsent);
      directory.unsent = undefined;
    }
    entries.push(entry);
  }

  #entry(directory: OpenDirectory, name: string, path: string, status: BigIntStats): WalkEntry {
    const mode = goMode(Number(status.mode));
    const isDir = isDirectory(mode);
    const isDevice = (mode & GoMode.DEVICE) !== 0;
    let linkname = '';
    if (isSymlink(mode)) linkname = this.#readLink(path);
    else if (!isDir && status.nlink > 1n) linkname = this.#firstLink(status, path);
    const stat: Stat = {
      path,
      mode: wireMode(mode),
      uid: 0,
      gid: 0,
      size: isDir ? 0 : Number(status.size),
      modTime: status.mtimeNs,
      linkname,
      devMajor: isDevice ? deviceMajor(status.rdev) : 0,
      devMinor: isDevice ? deviceMinor(status.rdev) : 0,
    };
    return { stat, directory: directory.path, name, mode };
  }

  #firstLink({ dev, ino }: BigIntStats, path: string): string {
    const key = `${dev}:${ino}`;
    const first = this.#links.get(key);
    if (first === undefined) this.#links.set(key, path);
    return first ?? '';
  }

  /** Undefined when the path has gone since its directory was read, or cannot be looked at and need not be. */
  #lstat(path: string, isSkipped: boolean): BigIntStats | undefined {
    try {
      return lstatSync(`${this.#root}/${path}`, { bigint: true });
    } catch (error) {
      if (isMissing(error) || (isSkipped && systemErrorCode(error) === 'EACCES')) return undefined;
      throw fromSystemError(error, path);
    }
  }

  #readLink(path: string): string {
    let target: Buffer;
    try {
      target = readlinkSync(`${this.#root}/${path}`, 'buffer');
    } catch (error) {
      throw fromSystemError(error, path);
    }
    if (!isUtf8(target)) throw notUtf8('target of the link', `${path} -> ${printable(target)}`);
    return target.toString();
  }

  /** Names of a directory in order; undefined when it has gone, or cannot be read and need not be. */
  #names(path: string, isSkipped: boolean): string[] | undefined {
    try {
      return readdirSync(`${this.#root}/${path}`, 'latin1').sort();
    } catch (error) {
      if (isMissing(error) || (isSkipped && systemErrorCode(error) === 'EACCES')) return undefined;
      throw fromSystemError(error, path === '' ? this.#root : path);
    }
  }

  /** An excluded file may have any name. Exceptions inside an excluded directory would need paths that cannot be sent. */
  #refuseName(directory: OpenDirectory, raw: Buffer, verdict: number): void {
    const file = Buffer.concat([Buffer.from(`${this.#root}/${directory.path}/`), raw]);
    if (verdict !== Verdict.SEND && lstatSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const place = directory.path === '' ? '' : `${directory.path}/`;
    throw notUtf8('file name', `${place}${printable(raw)}`);
  }
}

function notUtf8(what: string, path: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `${what} is not valid UTF-8 and cannot be sent: "${path}"`);
}

function printable(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, (ch) => `\\x${ch.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The socket bit is not sent. On Windows every file is executable and none is writable by others. */
function wireMode(mode: number): number {
  const sent = (mode & ~GoMode.SOCKET) >>> 0;
  return IS_WINDOWS ? ((sent & ~0o777) | ((sent | 0o111) & 0o755)) >>> 0 : sent;
}

/** As fsutil splits Linux's device numbers. */
function deviceMajor(device: bigint): number {
  return Number((device >> 8n) & 0xfffn);
}

function deviceMinor(device: bigint): number {
  return Number((device & 0xffn) | ((device >> 12n) & 0xfff00n));
}
