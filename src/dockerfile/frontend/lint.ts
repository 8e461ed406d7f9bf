// Matches frontend/subrequests/lint: what `--check` gives.
import { messageOf } from '../../base/errors.ts';
import { goSort } from '../../base/go-sort.ts';
import { sourceExcerpt } from '../../base/source-excerpt.ts';
import { convertPlatform, type FrontendSignal, type PreparedFrontend } from './frontend.ts';
import { noLines } from '../convert/index.ts';
import type { LintWarning } from '../lint/index.ts';
import { lineRanges, type LineSpan, locationsOf } from '../syntax/index.ts';
import type { SourceMap, SourceRange } from '../../llb/index.ts';

export interface LintResult {
  readonly warnings: readonly LintWarning[];
  /** Why the Dockerfile could not be converted to its end. */
  readonly error: LintError | undefined;
  readonly source: SourceMap;
}

export interface LintError {
  readonly message: string;
  /** Places that touch are one. */
  readonly ranges: readonly SourceRange[];
}

/** Checks a Dockerfile without building it: all stages, unless a target is named. */
export async function lintDockerfile(frontend: PreparedFrontend, { signal }: FrontendSignal): Promise<LintResult> {
  const warnings: LintWarning[] = [];
  const allStages = frontend.options.convert.target === '';
  const source = frontend.source.sourceMap;
  try {
    await convertPlatform(frontend, undefined, (warning) => warnings.push(warning), { signal, allStages });
    return { warnings, error: undefined, source };
  } catch (error) {
    signal.throwIfAborted();
    return { warnings, error: { message: messageOf(error), ranges: mergedRanges(locationsOf(error)) }, source };
  }
}

/** The warnings as `--check` prints them, by line. */
export function lintText({ warnings, source }: LintResult): string {
  const sorted = goSort(warnings, (a, b) => byLine(a, b) < 0);
  return sorted
    .map(({ rule, url, message, lines }) => {
      const link = url === '' ? '' : ` - ${url}`;
      return `\nWARNING: ${rule}${link}\n${message}\n${sourceExcerpt({ ...source, ranges: warningRanges(lines) })}`;
    })
    .join('');
}

/** The lines of a warning as ranges; none when it has no place. */
export function warningRanges(lines: LineSpan): SourceRange[] {
  return lines === noLines ? [] : lineRanges(lines);
}

/** What has no place comes first, by name. */
function byLine(a: LintWarning, b: LintWarning): number {
  const isPlaced = Number(a.lines !== noLines) - Number(b.lines !== noLines);
  if (isPlaced !== 0) return isPlaced;
  if (a.lines !== noLines) return a.lines.start - b.lines.start;
  return a.rule < b.rule ? -1 : Number(a.rule > b.rule);
}

function mergedRanges(spans: readonly LineSpan[]): SourceRange[] {
  const lines = spans.flatMap(warningRanges).sort((a, b) => a.start.line - b.start.line);
  const merged: SourceRange[] = [];
  for (const range of lines) {
    const last = merged.at(-1);
    if (last === undefined || range.start.line > last.end.line) merged.push(range);
    else if (range.end.line > last.end.line) merged[merged.length - 1] = { ...last, end: range.end };
  }
  return merged;
}
