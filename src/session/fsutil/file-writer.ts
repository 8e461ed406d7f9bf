import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writev,
  writevSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { ConfinedTree } from './confined-tree.ts';
import type { TableFile } from './file-table.ts';
import { fileTime } from './file-time.ts';
import { systemErrorCode } from './fs-error.ts';
import { permissionsOf } from './mode.ts';
import type { Owner } from './owner.ts';
import { MAX_PIECES, withoutBytes } from './pieces.ts';

const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

const writePieces = promisify(writev);

/** One file that is being written. It takes the place of what has its name when it is complete. */
export class FileWriter {
  readonly #tree: ConfinedTree;
  readonly #file: TableFile;
  readonly #descriptor: number;
  /** Path of the file until it is complete. */
  readonly #path: string;
  #isOpen = true;

  constructor(tree: ConfinedTree, file: TableFile) {
    this.#tree = tree;
    this.#file = file;
    const create = (path: string): number => openSync(tree.locate(path), CREATE_FLAGS, file.mode & 0o777);
    let path = file.path;
    try {
      this.#descriptor = create(path);
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
      path = temporaryPath(path);
      this.#descriptor = create(path);
    }
    this.#path = path;
  }

  writeSync(pieces: readonly Uint8Array[]): void {
    for (let rest = pieces.slice(); rest.length > 0; ) {
      rest = withoutBytes(rest, writevSync(this.#descriptor, rest.slice(0, MAX_PIECES)));
    }
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    for (let rest = pieces.slice(); rest.length > 0; ) {
      const { bytesWritten } = await writePieces(this.#descriptor, rest.slice(0, MAX_PIECES));
      rest = withoutBytes(rest, bytesWritten);
    }
  }

  /** The content is complete: sets owner, mode and time. */
  finish(owner: Owner | undefined): void {
    const { path, mode, modTime } = this.#file;
    if (owner !== undefined) fchownSync(this.#descriptor, owner.uid, owner.gid);
    fchmodSync(this.#descriptor, permissionsOf(mode));
    futimesSync(this.#descriptor, fileTime(modTime), fileTime(modTime));
    this.#close();
    if (this.#path !== path) replacePath(this.#tree, this.#path, path);
  }

  /** The content will not be complete: nothing is left of it. */
  abandon(): void {
    this.#close();
    try {
      unlinkSync(this.#tree.locate(this.#path));
    } catch {
      // Whatever made the transfer fail is what the user has to know.
    }
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }
}

/** A name beside a path that nothing has. */
export function temporaryPath(path: string): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}.tmp.${randomBytes(8).toString('hex')}`;
}

/** Puts something in the place of whatever has the name, a directory and all that is in it too. */
export function replacePath(tree: ConfinedTree, from: string, to: string): void {
  try {
    renameSync(...tree.locateBoth(from, to));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'EISDIR' && code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    rmSync(tree.locate(to), { recursive: true });
    tree.forget(to);
    renameSync(...tree.locateBoth(from, to));
  }
}
