// Paths as Go's package path has them: always with slashes, cleaned, without a slash at the end.
import { posix } from 'node:path';

/** Shortest form of a path; the empty path is `.`. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** Joins parts, leaving out the empty ones; nothing at all gives the empty path. */
export function joinPath(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== '').join('/');
  return joined === '' ? '' : cleanPath(joined);
}

/** Last element; `.` for the empty path, `/` for one of slashes only. */
export function basePath(path: string): string {
  if (path === '') return '.';
  const end = path.replace(/\/+$/, '');
  return end === '' ? '/' : end.slice(end.lastIndexOf('/') + 1);
}

/** All but the last element, cleaned; `.` when there is none. */
export function dirPath(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}

export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/');
}
