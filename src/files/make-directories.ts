import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory and those above it that are missing; gives the topmost that was made. Node's own recursive mkdir
 * never returns below /proc, where what is missing cannot be made and the kernel says so with ENOENT.
 * @param mode of each one that is made, before the umask. Default 0o777.
 * Throws what mkdir throws, with the path that could not be made.
 */
export function makeDirectories(path: string, mode: number = 0o777): string | undefined {
  const missing: string[] = [];
  let at = resolve(path);
  for (; kindOf(at) === 'missing' && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  // A file in the way: mkdir says it best.
  if (missing.length === 0 && kindOf(at) !== 'directory') mkdirSync(at, mode);
  for (const directory of missing) makeOne(directory, mode);
  return missing[0];
}

function makeOne(path: string, mode: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    // Somebody else made it meanwhile.
    if (kindOf(path) !== 'directory') throw error;
  }
}

function kindOf(path: string): 'directory' | 'other' | 'missing' {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  return found.isDirectory() ? 'directory' : 'other';
}
