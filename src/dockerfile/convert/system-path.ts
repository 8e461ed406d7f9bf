// Matches BuildKit's util/system/path.go: paths in an image, which may be a Windows image; always written with slashes.
import { TsbuildxError } from '../../base/errors.ts';
import { cleanPath, isAbsolutePath, joinPath } from '../../base/go-path.ts';
import { goQuote } from '../../base/go-quote.ts';

const unixPathEnv = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const windowsPathEnv = 'c:\\Windows\\System32;c:\\Windows;C:\\Windows\\System32\\WindowsPowerShell\\v1.0';

/** The PATH of an image that sets none. */
export function defaultPathEnv(os: string): string {
  return os === 'windows' ? windowsPathEnv : unixPathEnv;
}

export function toSlash(path: string, os: string): string {
  return os === 'windows' ? path.replaceAll('\\', '/') : path;
}

/** Whether the path is absolute in an image of that system; a drive letter does not make it so. */
export function isAbsoluteIn(path: string, os: string): boolean {
  try {
    return isAbsolutePath(toSlash(withoutDrive(path, os, false), os));
  } catch (error) {
    if (error instanceof TsbuildxError) return false;
    throw error;
  }
}

/** An absolute path without drive letter, seen from `parent`; a slash or `/.` at the end is kept when asked. */
export function normalizePath(parent: string, path: string, os: string, keepSlash: boolean): string {
  const original = toSlash(path, os);
  const base = rooted(removeDrive(toSlash(parent, os) || '/', os, keepSlash), os);
  let clean = removeDrive(original === '' ? base : original, os, keepSlash);
  if (!isAbsoluteIn(clean, os)) clean = joinPath(base, clean);
  if (keepSlash) {
    if (original.endsWith('/') && !clean.endsWith('/')) clean += '/';
    else if (original.endsWith('/.')) clean = clean === '/' ? '/.' : `${clean}/.`;
  }
  return toSlash(clean, os);
}

/** The working directory after `WORKDIR path`, with the separators of the system. */
export function normalizeWorkdir(current: string, path: string, os: string): string {
  const normal = prefixed('normalizing working directory', () => normalizePath(current, path, os, false));
  return os === 'windows' ? normal.replaceAll('/', '\\') : normal;
}

/** Takes the drive letter C: off a Windows path; other drives and network paths are errors. */
export function withoutDrive(path: string, os: string, keepSlash: boolean): string {
  if (os !== 'windows') return path;
  if (path.length === 2 && path[1] === ':') throw failure(`No relative path specified in ${goQuote(path)}`);
  if (toSlash(path.slice(0, 2), os) === '//') throw failure('UNC paths are not supported');
  const colon = path.indexOf(':');
  if (colon >= 0 && path.slice(0, colon).toLowerCase() !== 'c') {
    throw failure('The specified path is not on the system drive (C:)');
  }
  return cleanKeeping(toSlash(path.slice(colon + 1), os), keepSlash);
}

/** Runs `body`; an error of it gets the prefix. */
export function prefixed<T>(what: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof TsbuildxError)
      throw new TsbuildxError('DOCKERFILE', `${what}: ${error.message}`, { cause: error });
    throw error;
  }
}

function removeDrive(path: string, os: string, keepSlash: boolean): string {
  return prefixed('removing drive letter', () => withoutDrive(path, os, keepSlash));
}

function rooted(path: string, os: string): string {
  return isAbsoluteIn(path, os) ? path : joinPath('/', path);
}

function cleanKeeping(path: string, keepSlash: boolean): string {
  const clean = cleanPath(path);
  return keepSlash && clean.length > 1 && path.endsWith('/') ? `${clean}/` : clean;
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('DOCKERFILE', message);
}
