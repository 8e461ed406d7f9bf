// Ignore files: {dockerignore | patterns, paths} → {ok, patterns, compiled, exclusions, matched, parentResults, matchErrors}.
import { messageOf } from '../../src/base/errors.ts';
import { parseIgnoreFile } from '../../src/dockerfile/ignore/index.ts';
import { type ParentMatch, PatternMatcher } from '../../src/patterns/index.ts';
import type { GoldenMode, GoldenRequest } from './mode.ts';

export const mode: GoldenMode = { run };

function run(request: GoldenRequest): unknown {
  const { id, dockerignore } = request;
  const paths = strings(request['paths']);
  const patterns =
    typeof dockerignore === 'string'
      ? parseIgnoreFile(Buffer.from(dockerignore, 'utf8'))
      : strings(request['patterns']);
  let matcher: PatternMatcher;
  try {
    matcher = new PatternMatcher(patterns);
  } catch (error) {
    return { id, ok: false, error: messageOf(error), patterns, exclusions: false, matched: null, parentResults: null };
  }
  const errors: string[] = [];
  const attempt = (path: string, match: () => boolean): boolean => {
    try {
      return match();
    } catch (error) {
      errors.push(`${path}: ${messageOf(error)}`);
      return false;
    }
  };
  const matched = paths.map((path) => attempt(path, () => matcher.matchesOrParentMatches(path)));
  const matchErrors = [...errors];
  const compiled = matcher.patterns.map(({ exclusion, text }) => (exclusion ? `!${text}` : text));
  return {
    id,
    ok: matchErrors.length === 0,
    error: matchErrors.length === 0 ? undefined : 'syntax error in pattern',
    patterns,
    compiled: compiled.length === 0 ? undefined : compiled,
    exclusions: matcher.hasExclusions,
    matched,
    matchErrors: matchErrors.length === 0 ? undefined : matchErrors,
    parentResults: paths.map((path) => attempt(path, () => walkTo(matcher, path))),
  };
}

/** Goes down to a path directory by directory, as a walk does. */
function walkTo(matcher: PatternMatcher, path: string): boolean {
  let parent: ParentMatch | undefined;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const match = new Uint8Array(matcher.patterns.length);
    matcher.matchDirectory(path.slice(0, slash), parent, match);
    parent = match;
  }
  return matcher.matches(path, parent);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
