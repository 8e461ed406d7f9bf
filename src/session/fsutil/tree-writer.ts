// Matches fsutil/rootdiskwriter.go: what becomes of a received tree on this machine's disk. The owner is the user of
// this process, as buildx has it for exports.
import { execFileSync } from 'node:child_process';
import { chmodSync, lchownSync, linkSync, lutimesSync, symlinkSync, unlinkSync, utimesSync } from 'node:fs';
import { TsbuildxError } from '../../base/errors.ts';
import { ConfinedTree } from './confined-tree.ts';
import type { TableFile } from './file-table.ts';
import { fileTime, toSeconds } from './file-time.ts';
import { FileWriter, replacePath, temporaryPath } from './file-writer.ts';
import { fromSystemError, systemErrorCode } from './fs-error.ts';
import { GoMode, permissionsOf } from './mode.ts';
import { type Owner, processOwner } from './owner.ts';
import { pruneTree } from './prune-tree.ts';
import type { Stat } from './stat.ts';

/** Writes entries of a tree below one directory. Errors of all methods: IO, naming the path. */
export class TreeWriter implements Disposable {
  readonly #tree: ConfinedTree;
  readonly #owner: Owner | undefined = processOwner();
  /** Their modes and times are set at the end: until then they must be writable, and are written to. */
  readonly #directories: { readonly path: string; readonly mode: number; readonly modTime: number }[] = [];
  /** Made at the end, when what they lead to is there. */
  readonly #links: { readonly path: string; readonly to: string }[] = [];

  /** Creates the directory when it does not exist. */
  constructor(root: string) {
    this.#tree = named(root, () => new ConfinedTree(root));
  }

  directory({ path, mode, modTime }: Stat): void {
    named(path, () => this.#tree.makeDirectory(path));
    this.#directories.push({ path, mode, modTime: toSeconds(modTime) });
  }

  symlink({ path, linkname, modTime }: Stat): void {
    const time = fileTime(toSeconds(modTime));
    this.#place(path, (location) => {
      symlinkSync(linkname, location);
      if (this.#owner !== undefined) lchownSync(location, this.#owner.uid, this.#owner.gid);
      lutimesSync(location, time, time);
    });
  }

  hardLink({ path, linkname }: Stat): void {
    this.#links.push({ path, to: linkname });
  }

  /** A device or a named pipe. */
  special({ path, mode, modTime, devMajor, devMinor }: Stat): void {
    const kind = (mode & GoMode.NAMED_PIPE) !== 0 ? 'p' : (mode & GoMode.CHAR_DEVICE) !== 0 ? 'c' : 'b';
    const numbers = kind === 'p' ? [] : [String(devMajor), String(devMinor)];
    const time = fileTime(toSeconds(modTime));
    this.#place(path, (location) => {
      makeNode(path, location, kind, numbers);
      if (this.#owner !== undefined) lchownSync(location, this.#owner.uid, this.#owner.gid);
      chmodSync(location, permissionsOf(mode));
      utimesSync(location, time, time);
    });
  }

  /** Opens a file for its content. */
  file(file: TableFile): FileWriter {
    return named(file.path, () => new FileWriter(this.#tree, file));
  }

  finishFile(file: TableFile, writer: FileWriter): void {
    named(file.path, () => writer.finish(this.#owner));
  }

  /** What the hard links lead to. */
  get linkTargets(): ReadonlySet<string> {
    return new Set(this.#links.map(({ to }) => to));
  }

  /** Removes what is in the directory besides these paths. */
  prune(keep: ReadonlySet<string>): void {
    pruneTree(this.#tree, keep);
  }

  /** All files are complete: makes the hard links and finishes the directories. */
  finish(): void {
    for (const { path, to } of this.#links) this.#link(path, to);
    for (const { path, mode, modTime } of this.#directories.reverse()) {
      named(path, () => {
        const location = this.#tree.locate(`${path}/.`);
        if (this.#owner !== undefined) lchownSync(location, this.#owner.uid, this.#owner.gid);
        chmodSync(location, permissionsOf(mode));
        utimesSync(location, fileTime(modTime), fileTime(modTime));
      });
    }
  }

  [Symbol.dispose](): void {
    this.#tree[Symbol.dispose]();
  }

  #link(path: string, to: string): void {
    named(path, () => {
      try {
        linkSync(...this.#tree.locateBoth(to, path));
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
        const temporary = temporaryPath(path);
        linkSync(...this.#tree.locateBoth(to, temporary));
        replacePath(this.#tree, temporary, path);
        // Renaming a file to another name of itself does nothing.
        removeIfThere(this.#tree.locate(temporary));
      }
    });
  }

  /** Makes something under its name, or in the place of what has the name. */
  #place(path: string, make: (location: string) => void): void {
    named(path, () => {
      try {
        make(this.#tree.locate(path));
      } catch (error) {
        if (systemErrorCode(error) !== 'EEXIST') throw error;
        const temporary = temporaryPath(path);
        make(this.#tree.locate(temporary));
        replacePath(this.#tree, temporary, path);
      }
    });
  }
}

function named<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fromSystemError(error, path);
  }
}

function removeIfThere(location: string): void {
  try {
    unlinkSync(location);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

/** Node has no call for this. The program sees the directories that this process has open under another name. */
function makeNode(path: string, location: string, kind: string, numbers: readonly string[]): void {
  const file = location.replace(/^\/proc\/self\//, `/proc/${process.pid}/`);
  try {
    execFileSync('mknod', ['-m', '0600', '--', file, kind, ...numbers], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const why = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    if (/exist/i.test(why)) throw Object.assign(new Error(why, { cause: error }), { code: 'EEXIST' });
    throw new TsbuildxError('IO', `failed to create device ${path}: ${why || 'mknod cannot be run'}`, { cause: error });
  }
}
