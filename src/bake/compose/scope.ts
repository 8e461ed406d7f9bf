import { cleanPath, dirPath, isAbsolutePath, joinPath } from '../../base/go-path.ts';
import type { ComposeSetting, FileReader } from './setting.ts';

/** Where files are loaded: what is relative in them, and what leads to them. */
export interface LoadScope {
  readonly setting: ComposeSetting;
  /** What the paths in the files are relative to, from the working directory; empty: that one. */
  readonly directory: string;
  /** Where `include` and `extends` look for files. */
  readonly projectDirectory: string;
  /** The files that include these, the outermost first. */
  readonly included: readonly string[];
}

/** A path as a file in this directory names it. */
export function inDirectory(directory: string, path: string): string {
  return isAbsolutePath(path) ? path : joinPath(directory, path);
}

/** The directory of a file, or the directory itself, as seen from `base`. */
export function directoryOf(path: string, base: string, files: FileReader): string {
  const full = inDirectory(base, path);
  const directory = files.kindOf(full) === 'directory' ? full : inDirectory(base, dirPath(path));
  return relativePath(base, directory) ?? directory;
}

/** By the texts alone, as Go's filepath.Rel; undefined when these do not tell. */
function relativePath(base: string, path: string): string | undefined {
  if (isAbsolutePath(base) !== isAbsolutePath(path)) return undefined;
  const parts = (text: string): string[] =>
    cleanPath(text)
      .split('/')
      .filter((part) => part !== '' && part !== '.');
  const [from, to] = [parts(base), parts(path)];
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const up = from.slice(shared);
  if (up.includes('..')) return undefined;
  return [...up.map(() => '..'), ...to.slice(shared)].join('/') || '.';
}
