// Matches github.com/moby/patternmatcher: the last pattern that matches a path or one of its parents decides.
import { assertNever, TsbuildxError } from '../base/errors.ts';
import { cleanPath } from '../base/go-path.ts';
import { trimSpace } from '../base/go-unicode.ts';
import { matchFileName } from './file-match.ts';
import { compilePath, type PathTest } from './path-pattern.ts';

/** One pattern of a list. */
export class PathPattern {
  /** Cleaned, without the `!`. */
  readonly text: string;
  /** Takes back what patterns before it have matched. */
  readonly exclusion: boolean;
  #test: PathTest | undefined;

  constructor(text: string, exclusion: boolean) {
    this.text = text;
    this.exclusion = exclusion;
  }

  /** Error: INVALID_ARGUMENT for a pattern whose fault shows only now. */
  matches(path: string): boolean {
    const test = (this.#test ??= compilePath(this.text));
    switch (test.kind) {
      case 'exact':
        return path === test.path;
      case 'prefix':
        return path.startsWith(test.prefix);
      case 'suffix':
        return path.endsWith(test.suffix) || (test.suffix.startsWith('/') && path === test.suffix.slice(1));
      case 'program':
        return test.program.matches(path);
      case 'malformed':
        throw badPattern();
      default:
        return assertNever(test);
    }
  }
}

/** Which patterns a directory has matched: what its entries start from. */
export type ParentMatch = Uint8Array;

export class PatternMatcher {
  readonly patterns: readonly PathPattern[];
  /** True when any pattern is an exclusion. */
  readonly hasExclusions: boolean;

  /** Errors: INVALID_ARGUMENT. */
  constructor(patterns: readonly string[]) {
    const compiled: PathPattern[] = [];
    for (const given of patterns) {
      const trimmed = trimSpace(given);
      if (trimmed !== '') compiled.push(compilePattern(cleanPath(trimmed)));
    }
    this.patterns = compiled;
    this.hasExclusions = compiled.some((pattern) => pattern.exclusion);
  }

  /** Whether a path, with slashes and clean, is matched by itself or through a parent directory. */
  matchesOrParentMatches(path: string): boolean {
    let matched = false;
    for (const pattern of this.patterns) {
      if (pattern.exclusion !== matched) continue;
      if (pattern.matches(path) || matchesParent(pattern, path)) matched = !pattern.exclusion;
    }
    return matched;
  }

  /**
   * The same for a path whose directory was given to `matchDirectory` before, in a walk; `parent` is undefined for the
   * entries of the root.
   */
  matches(path: string, parent: ParentMatch | undefined): boolean {
    return this.#match(path, parent, undefined);
  }

  /** Whether a directory is matched; `into`, of one element a pattern, becomes the parent of its entries. */
  matchDirectory(path: string, parent: ParentMatch | undefined, into: ParentMatch): boolean {
    return this.#match(path, parent, into);
  }

  #match(path: string, parent: ParentMatch | undefined, into: ParentMatch | undefined): boolean {
    const { patterns } = this;
    let matched = false;
    for (let i = 0; i < patterns.length; i++) {
      const pattern = patterns[i];
      if (pattern === undefined) break;
      if (parent?.[i] !== 1) {
        if (pattern.exclusion !== matched || !pattern.matches(path)) continue;
      }
      if (into !== undefined) into[i] = 1;
      matched = !pattern.exclusion;
    }
    return matched;
  }
}

function compilePattern(cleaned: string): PathPattern {
  const exclusion = cleaned.startsWith('!');
  if (cleaned === '!') throw new TsbuildxError('INVALID_ARGUMENT', 'illegal exclusion pattern: "!"');
  const text = exclusion ? cleaned.slice(1) : cleaned;
  if (matchFileName(text, '.') === undefined) throw badPattern();
  return new PathPattern(text, exclusion);
}

function badPattern(): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', 'syntax error in pattern');
}

/** A pattern that is malformed does not get here: it has failed on the path itself. */
function matchesParent(pattern: PathPattern, path: string): boolean {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (pattern.matches(path.slice(0, slash))) return true;
  }
  return false;
}
