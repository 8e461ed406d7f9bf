// A directory in which a tree from elsewhere is written. No path leads out of it: every directory on the way is opened
// by itself, and none that is a link, also when somebody changes the tree at the same time.
import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { TsbuildxError } from '../../base/errors.ts';
import { makeDirectories } from '../../files/index.ts';
import { systemErrorCode } from './fs-error.ts';

/** Directories that are kept open. */
const MAX_OPEN = 64;
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

interface OpenDirectory {
  readonly descriptor: number;
  /** Path by which the system finds what is in it. */
  readonly location: string;
}

export class ConfinedTree implements Disposable {
  readonly #root: string;
  /** Linux finds a file by the descriptor of its directory; elsewhere each directory is looked at before it is used. */
  readonly #byDescriptor: boolean;
  /** By path, the one that was used last at the end. */
  readonly #open = new Map<string, OpenDirectory>();
  #pinned: string | undefined;

  /** `root` is created when it does not exist; it may be a link itself. */
  constructor(root: string) {
    makeDirectories(root, 0o700);
    this.#root = root;
    this.#byDescriptor = process.platform === 'linux' && existsSync('/proc/self/fd');
  }

  /**
   * The path for system calls of something in the tree, to be used before anything else is located.
   * Errors: IO when a directory on the way is none.
   */
  locate(path: string): string {
    return `${this.#directory(directoryOf(path))}/${path.slice(path.lastIndexOf('/') + 1)}`;
  }

  /** Locates two things, for a call that takes both. */
  locateBoth(first: string, second: string): [first: string, second: string] {
    const one = this.locate(first);
    this.#pinned = directoryOf(first);
    const other = this.locate(second);
    this.#pinned = undefined;
    return [one, other];
  }

  /** Makes sure that there is a directory of its own; whatever else has its name goes. True when it is new. */
  makeDirectory(path: string): boolean {
    const location = this.locate(path);
    for (;;) {
      try {
        mkdirSync(location, 0o700);
        return true;
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
      }
      const found = lstatSync(location, { throwIfNoEntry: false });
      if (found?.isDirectory() === true) return false;
      if (found !== undefined) unlinkSync(location);
    }
  }

  /** Closes what is open at or below a path: it was replaced. */
  forget(path: string): void {
    for (const key of this.#open.keys()) if (key === path || key.startsWith(`${path}/`)) this.#close(key);
  }

  [Symbol.dispose](): void {
    for (const key of this.#open.keys()) this.#close(key);
  }

  #directory(path: string): string {
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known.location;
    }
    const location = path === '' ? this.#root : this.locate(path);
    if (!this.#byDescriptor) {
      if (path !== '' && lstatSync(location, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw notDirectory(path);
      return location;
    }
    let descriptor: number;
    try {
      descriptor = openSync(location, path === '' ? constants.O_RDONLY | constants.O_DIRECTORY : OPEN_FLAGS);
    } catch (error) {
      const code = systemErrorCode(error);
      throw code === 'ELOOP' || code === 'ENOTDIR' ? notDirectory(path) : error;
    }
    const opened = { descriptor, location: `/proc/self/fd/${descriptor}` };
    this.#open.set(path, opened);
    if (this.#open.size > MAX_OPEN) {
      // The root and the way to the newest one are used again at once.
      for (const key of this.#open.keys()) {
        if (key === '' || key === this.#pinned || path === key || path.startsWith(`${key}/`)) continue;
        this.#close(key);
        break;
      }
    }
    return opened.location;
  }

  #close(key: string): void {
    const open = this.#open.get(key);
    this.#open.delete(key);
    if (open !== undefined) closeSync(open.descriptor);
  }
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function notDirectory(path: string): TsbuildxError {
  return new TsbuildxError('IO', `${path} is not a directory of the destination: nothing is written through it`);
}
