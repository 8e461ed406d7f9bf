// Matches frontend/subrequests/lint: what a check finds, and its JSON.
import type { GoJsonValue } from '../../base/go-json.ts';
import { listField, rangesField, textField } from '../../base/go-json-fields.ts';
import { sourceInfoJson, type SourceMap, type SourceRange } from '../../llb/index.ts';
import type { LintWarning } from '../lint/index.ts';
import { lineRanges } from '../syntax/index.ts';

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

/** The result as JSON. */
export function lintJson({ warnings, error, source }: LintResult): GoJsonValue {
  return {
    warnings: listField(warnings.map(warningJson)) ?? null,
    sources: [sourceInfoJson(source)],
    buildError: error && { message: error.message, location: { ranges: rangesField(error.ranges) } },
  };
}

function warningJson({ rule, description, url, message, lines }: LintWarning): GoJsonValue {
  return {
    ruleName: rule,
    description: textField(description),
    url: textField(url),
    detail: textField(message),
    location: { ranges: rangesField(lineRanges(lines)) },
  };
}
