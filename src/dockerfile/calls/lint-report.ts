// Matches frontend/subrequests/lint: how the result of a check is printed.
import { goSort } from '../../base/go-sort.ts';
import { member, textMember } from '../../base/json-object.ts';
import { sourceExcerpt } from '../../base/source-excerpt.ts';
import type { SourceRange } from '../../llb/index.ts';
import { lineRanges } from '../syntax/index.ts';
import type { LintResult } from './lint-result.ts';

/** A check's result as it is printed: ours, or read from the JSON of another frontend. */
export interface LintReport {
  readonly warnings: readonly ReportedWarning[];
  readonly sources: readonly ReportedSource[];
  readonly error: (ReportedPlace & { readonly message: string }) | undefined;
}

interface ReportedPlace {
  /** Below 0: in none. */
  readonly sourceIndex: number;
  readonly ranges: readonly SourceRange[];
}

interface ReportedWarning extends ReportedPlace {
  readonly rule: string;
  readonly url: string;
  readonly detail: string;
}

interface ReportedSource {
  readonly filename: string;
  readonly data: Uint8Array;
}

export function lintReport({ warnings, error, source }: LintResult): LintReport {
  return {
    warnings: warnings.map(({ rule, url, message, lines }) => ({
      rule,
      url,
      detail: message,
      sourceIndex: 0,
      ranges: lineRanges(lines),
    })),
    sources: [source],
    error: error && { message: error.message, sourceIndex: 0, ranges: error.ranges },
  };
}

/** Reads the JSON of a check; what it lacks is empty. */
export function parseLintReport(json: unknown): LintReport {
  const error = member(json, 'buildError');
  return {
    warnings: list(member(json, 'warnings')).map((warning) => ({
      rule: textMember(warning, 'ruleName'),
      url: textMember(warning, 'url'),
      detail: textMember(warning, 'detail'),
      ...placeOf(warning),
    })),
    sources: list(member(json, 'sources')).map((source) => ({
      filename: textMember(source, 'filename'),
      data: Buffer.from(textMember(source, 'data'), 'base64'),
    })),
    error:
      error === undefined || error === null ? undefined : { message: textMember(error, 'message'), ...placeOf(error) },
  };
}

function placeOf(entry: unknown): ReportedPlace {
  const location = member(entry, 'location');
  const ranges = list(member(location, 'ranges')).map((range) => ({
    start: positionOf(member(range, 'start')),
    end: positionOf(member(range, 'end')),
  }));
  return { sourceIndex: numberOf(member(location, 'sourceIndex')), ranges };
}

function positionOf(position: unknown): SourceRange['start'] {
  return { line: numberOf(member(position, 'line')), character: numberOf(member(position, 'character')) };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The warnings as they are printed, by line; `filename`, when given, stands for that of the sources. */
export function warningsText({ warnings, sources }: LintReport, filename?: string): string {
  const sorted = goSort(warnings, (a, b) => isBefore(a, b, sources));
  return sorted
    .map((warning) => {
      const link = warning.url === '' ? '' : ` - ${warning.url}`;
      return `\nWARNING: ${warning.rule}${link}\n${warning.detail}\n${excerptOf(warning, sources, filename)}`;
    })
    .join('');
}

/** Why the check could not go to its end, with the lines; undefined when it did. */
export function lintErrorText({ error, sources }: LintReport, filename?: string): string | undefined {
  return error && `${error.message}\n${excerptOf(error, sources, filename)}`;
}

function excerptOf(
  { sourceIndex, ranges }: ReportedPlace,
  sources: readonly ReportedSource[],
  filename: string | undefined,
): string {
  const source = sources[sourceIndex];
  return source === undefined ? '' : sourceExcerpt({ ...source, filename: filename ?? source.filename, ranges });
}

/** By file and line; what has no place comes first, by name. */
function isBefore(a: ReportedWarning, b: ReportedWarning, sources: readonly ReportedSource[]): boolean {
  if (a.sourceIndex < 0 || b.sourceIndex < 0) {
    return a.sourceIndex < 0 && b.sourceIndex < 0 ? a.rule < b.rule : a.sourceIndex < 0;
  }
  const [inA = '', inB = ''] = [sources[a.sourceIndex]?.filename, sources[b.sourceIndex]?.filename];
  if (inA !== inB) return inA < inB;
  const [lineA, lineB] = [a.ranges[0]?.start.line, b.ranges[0]?.start.line];
  if (lineA === undefined || lineB === undefined) {
    return lineA === undefined && lineB === undefined ? a.rule < b.rule : lineA === undefined;
  }
  return lineA < lineB;
}
