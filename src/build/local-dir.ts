// Matches fsutil.NewFS: a directory of this machine, or its words for what is in the way.
import { statSync } from 'node:fs';
import { dirname, normalize, resolve } from 'node:path';
import { TsbuildxError, wrap } from '../base/errors.ts';

/** The absolute path of a directory. Errors: NOT_FOUND, with the first part of the path that is not there; IO. */
export function localDir(path: string, cwd: string): string {
  const dir = resolve(cwd, path);
  try {
    const found = statSync(dir, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return dir;
    if (found !== undefined) throw notFound(`stat ${path}: not a directory`);
  } catch (error) {
    if (error instanceof TsbuildxError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') {
      throw notFound('resolve : not a directory');
    }
    throw wrap('IO', 'resolve ', error);
  }
  throw notFound(`resolve : lstat ${firstMissing(normalize(path), cwd)}: no such file or directory`);
}

export function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

function firstMissing(path: string, cwd: string): string {
  const parent = dirname(path);
  return parent === path || isDirectory(resolve(cwd, parent)) ? path : firstMissing(parent, cwd);
}

function notFound(message: string): TsbuildxError {
  return new TsbuildxError('NOT_FOUND', message);
}
