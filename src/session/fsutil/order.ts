// Matches fsutil/validator.go: same order, same error text.
import { TsbuildxError } from '../../base/errors.ts';
import { cleanPath } from '../../base/go-path.ts';

/** Compares two names by the bytes of their UTF-8 form. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // In UTF-16 surrogates stand before U+E000–U+FFFF, in UTF-8 behind them.
    const isSurrogateX = x >= 0xd800 && x <= 0xdfff;
    const isSurrogateY = y >= 0xd800 && y <= 0xdfff;
    if (isSurrogateX !== isSurrogateY && x >= 0xd800 && y >= 0xd800) return isSurrogateX ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

interface OpenDirectory {
  readonly path: string;
  /** Name of its entry that came last. */
  last: string;
}

/**
 * Checks that paths are clean and relative, lead nowhere outside, come parents first and in order, none twice: what a
 * receiver may rely on.
 */
export class PathValidator {
  readonly #open: OpenDirectory[] = [{ path: '', last: '' }];
  /** On Windows `a\..\b` leads elsewhere, as `C:b` does, and `a:b` is a stream of a file. */
  readonly #refusesDrives: boolean;

  constructor(platform: NodeJS.Platform = process.platform) {
    this.#refusesDrives = platform === 'win32';
  }

  /** Errors: PROTOCOL. */
  check(path: string, isDirectory: boolean): void {
    if (path !== cleanPath(path) || path === '.' || path.includes('\0')) throw invalid('unclean path', path);
    if (path.startsWith('/')) throw invalid('absolute path', path);
    if (path === '..' || path.startsWith('../')) throw invalid('escape check', path);
    if (this.#refusesDrives && /[\\:]/.test(path)) throw invalid('escape check', path);
    const slash = path.lastIndexOf('/');
    const directory = slash < 0 ? '' : path.slice(0, slash);
    const name = path.slice(slash + 1);

    const deepest = this.#open.findLast(
      (open) => directory === open.path || open.path === '' || directory.startsWith(`${open.path}/`),
    );
    while (this.#open.at(-1) !== deepest) this.#open.pop();
    if (deepest === undefined || deepest.path !== directory || compareNames(deepest.last, name) >= 0) {
      const last = deepest === undefined ? '' : joined(deepest.path, deepest.last);
      throw new TsbuildxError('PROTOCOL', `changes out of order: ${JSON.stringify(path)} ${JSON.stringify(last)}`);
    }
    deepest.last = name;
    if (isDirectory) this.#open.push({ path, last: '' });
  }
}

function joined(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

function invalid(why: string, path: string): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `${why} ${path}: invalid argument`);
}
