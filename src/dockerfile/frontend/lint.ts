// Matches frontend/subrequests/lint: what `--check` gives.
import { messageOf } from '../../base/errors.ts';
import type { SourceRange } from '../../llb/index.ts';
import type { LintResult } from '../calls/index.ts';
import type { LintWarning } from '../lint/index.ts';
import { type LineSpan, lineRanges, locationsOf } from '../syntax/index.ts';
import { convertPlatform, type FrontendSignal, type PreparedFrontend } from './prepare.ts';

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

function mergedRanges(spans: readonly LineSpan[]): SourceRange[] {
  const lines = spans.flatMap(lineRanges).sort((a, b) => a.start.line - b.start.line);
  const merged: SourceRange[] = [];
  for (const range of lines) {
    const last = merged.at(-1);
    if (last === undefined || range.start.line > last.end.line) merged.push(range);
    else if (range.end.line > last.end.line) merged[merged.length - 1] = { ...last, end: range.end };
  }
  return merged;
}
