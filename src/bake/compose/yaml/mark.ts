// Matches go.yaml.in/yaml/v4 internal/libyaml/errors.go: how a fault of a file is told, to the letter.
import { TsbuildxError } from '../../../base/errors.ts';

/** A place in a file; both count from zero. */
export interface Mark {
  readonly line: number;
  readonly column: number;
}

/** What was being read, and where it begins. */
export interface Context {
  readonly what: string;
  readonly mark: Mark;
}

/** What the scanner finds; lines count from one. */
export function scannerFault(problem: string, mark: Mark, context?: Context): TsbuildxError {
  return markedFault(problem, nextLine(mark), context && { ...context, mark: nextLine(context.mark) });
}

/** What the parser finds: the library tells the line before, and no place at all on the first. */
export function markedFault(problem: string, mark: Mark, context?: Context): TsbuildxError {
  const isElsewhere = context?.mark.line !== mark.line || context.mark.column !== mark.column;
  const before = context === undefined ? '' : `${context.what} at ${markText(context.mark)}: `;
  return yamlFault(`${before}${isElsewhere ? `${markText(mark)}: ` : ''}${problem}`);
}

/** A fault without a place. */
export function yamlFault(problem: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `yaml: ${problem}`);
}

function nextLine({ line, column }: Mark): Mark {
  return { line: line + 1, column };
}

function markText({ line, column }: Mark): string {
  if (line === 0) return '<unknown position>';
  return column === 0 ? `line ${line}` : `line ${line}, column ${column + 1}`;
}
