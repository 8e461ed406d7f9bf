// Matches fsutil.NewFS: a directory of this machine, or its words for what is in the way.
import { type Stats, statSync } from 'node:fs';
import { dirname, normalize, resolve } from 'node:path';
import { TsbuildxError, wrap } from '../base/errors.ts';

/** The absolute path of a directory. Errors: NOT_FOUND, with the first part of the path that is not there; IO. */
export function localDir(path: string, cwd: string): string {
  const dir = resolve(cwd, path);
  if (isDirectory(dir)) return dir;
  const barrier = firstBarrier(normalize(path), cwd);
  let found: Stats | undefined;
  try {
    found = statSync(resolve(cwd, barrier), { throwIfNoEntry: false });
  } catch (error) {
    throw wrap('IO', 'resolve ', error);
  }
  if (found === undefined) throw notFound(`resolve : lstat ${barrier}: no such file or directory`);
  throw notFound(barrier === normalize(path) ? `stat ${path}: not a directory` : 'resolve : not a directory');
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

/** Also of a file that a link leads to. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}

/** The first part of the path that is no directory. */
function firstBarrier(path: string, cwd: string): string {
  const parent = dirname(path);
  return parent === path || isDirectory(resolve(cwd, parent)) ? path : firstBarrier(parent, cwd);
}

function notFound(message: string): TsbuildxError {
  return new TsbuildxError('NOT_FOUND', message);
}
