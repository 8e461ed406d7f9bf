// Matches fsutil/filter.go: which paths of a tree are sent, and which directories need not be looked into.
import { wrap } from '../../base/errors.ts';
import { type ParentMatch, type PathPattern, PatternMatcher } from '../../patterns/index.ts';

/** What a receiver wants of a tree. Empty lists filter nothing. */
export interface FilterPatterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What becomes of a path. */
export const Verdict = {
  /** Sent, and when it is a directory, looked into. */
  SEND: 0,
  /** Not sent; when it is a directory, something in it may be. */
  LOOK_INSIDE: 1,
  /** Not sent, nor anything in it. */
  SKIP: 2,
} as const;

/** What a directory has matched: where the matching of its entries starts. */
export interface DirectoryMatch {
  readonly include: ParentMatch;
  readonly exclude: ParentMatch;
}

/** Compiled patterns, applied to one path after the other in a walk. */
export class TreeFilter {
  readonly #include: PatternMatcher | undefined;
  readonly #exclude: PatternMatcher | undefined;
  /** All that could be included below a directory begins with one of these; undefined when wildcards forbid to tell. */
  readonly #includePrefixes: readonly string[] | undefined;
  /** The same for exceptions from the excluded. */
  readonly #exceptionPrefixes: readonly string[] | undefined;

  /** Errors: INVALID_ARGUMENT. */
  constructor({ include, exclude }: FilterPatterns) {
    this.#include = compile(include, 'invalid includepatterns');
    this.#exclude = compile(exclude, 'invalid excludepatterns');
    this.#includePrefixes = prefixesOf(this.#include, false);
    this.#exceptionPrefixes = prefixesOf(this.#exclude, true);
  }

  /** Room for what a directory matches. */
  newMatch(): DirectoryMatch {
    return {
      include: new Uint8Array(this.#include?.patterns.length ?? 0),
      exclude: new Uint8Array(this.#exclude?.patterns.length ?? 0),
    };
  }

  /** The verdict on an entry of the directory that gave `parent`; `into` is cleared and filled in case it is one itself. */
  judge(path: string, parent: DirectoryMatch | undefined, into: DirectoryMatch): number {
    let verdict: number = Verdict.SEND;
    if (this.#include !== undefined) {
      into.include.fill(0);
      if (!this.#include.matchDirectory(path, parent?.include, into.include)) {
        if (!mayHold(path, this.#includePrefixes)) return Verdict.SKIP;
        verdict = Verdict.LOOK_INSIDE;
      }
    }
    if (this.#exclude !== undefined) {
      into.exclude.fill(0);
      if (this.#exclude.matchDirectory(path, parent?.exclude, into.exclude)) {
        if (!mayHold(path, this.#exceptionPrefixes)) return Verdict.SKIP;
        verdict = Verdict.LOOK_INSIDE;
      }
    }
    return verdict;
  }
}

function compile(patterns: readonly string[], what: string): PatternMatcher | undefined {
  if (patterns.length === 0) return undefined;
  try {
    return new PatternMatcher(patterns);
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `${what}: [${patterns.join(' ')}]`, error);
  }
}

function prefixesOf(matcher: PatternMatcher | undefined, exceptions: boolean): readonly string[] | undefined {
  const prefixes = (matcher?.patterns ?? [])
    .filter((pattern) => pattern.exclusion === exceptions)
    .map((pattern) => withoutTrailingGlob(pattern));
  return prefixes.some((prefix) => /[*[\]?^\\]/.test(prefix)) ? undefined : prefixes.map((prefix) => `${prefix}/`);
}

function withoutTrailingGlob({ text }: PathPattern): string {
  const short = text.endsWith('/**') ? text.slice(0, -3) : text;
  return short.endsWith('/*') ? short.slice(0, -2) : short;
}

function mayHold(path: string, prefixes: readonly string[] | undefined): boolean {
  if (prefixes === undefined) return true;
  for (const prefix of prefixes) {
    if (prefix.length > path.length && prefix.charCodeAt(path.length) === 0x2f && prefix.startsWith(path)) return true;
  }
  return false;
}
