import { TsbuildxError } from '../../base/errors.ts';
import { SourcedError } from '../../base/sourced-error.ts';
import { type Diagnosed, type Diagnostic, diagnosticsText, type SourceRange } from '../hcl/index.ts';
import type { BakeFile } from '../setting.ts';

/** What is wrong with definitions, all of it; its text tells the first. */
export class HclError extends TsbuildxError {
  override readonly name: string = 'HclError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super('INVALID_ARGUMENT', diagnosticsText(diagnostics));
    this.diagnostics = diagnostics;
  }
}

/** The value, if nothing is wrong with it. Throws HclError. */
export function sound<T>({ value, diagnostics }: Diagnosed<T>): T {
  if (diagnostics.length > 0) throw new HclError(diagnostics);
  return value;
}

/** An error as a diagnostic about a place; one that has a place keeps it. */
export function asHclError(
  summary: string,
  error: unknown,
  subject: SourceRange | undefined,
  context: SourceRange | undefined = subject,
): HclError {
  if (error instanceof HclError) return error;
  if (!(error instanceof TsbuildxError)) throw error;
  const place = { ...(subject && { subject }), ...(context && { context }) };
  return new HclError([{ summary, detail: error.message, ...place }]);
}

/** The same error, to be shown with the lines of the file that the first diagnostic with a place is about. */
export function withSource(error: unknown, files: readonly BakeFile[]): unknown {
  if (!(error instanceof HclError)) return error;
  const subject = error.diagnostics.find((diagnostic) => diagnostic.subject !== undefined)?.subject;
  if (subject === undefined) return error;
  const { filename, start, end } = subject;
  const data = files.find(({ name }) => name === filename)?.data ?? new Uint8Array();
  const range = {
    start: { line: start.line, character: start.column },
    end: { line: end.line, character: end.column },
  };
  return new SourcedError(error.code, error.message, { filename, data, ranges: [range] }, { cause: error });
}
