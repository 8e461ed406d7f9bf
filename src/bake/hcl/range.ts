/** A place in a source. Lines and columns count from 1, columns in grapheme clusters; `offset` in UTF-16 units from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A part of a source: `start` belongs to it, `end` does not. */
export interface SourceRange {
  readonly filename: string;
  readonly start: Position;
  readonly end: Position;
}

export const firstPosition: Position = { line: 1, column: 1, offset: 0 };

/** From the start of one range to the end of another. */
export function rangeBetween(first: SourceRange, last: SourceRange): SourceRange {
  return { filename: first.filename, start: first.start, end: last.end };
}

/** The range of no width at a position. */
export function emptyRange(filename: string, at: Position): SourceRange {
  return { filename, start: at, end: at };
}

/** `file:line,column-column`, or `file:line,column-line,column` over several lines. */
export function formatRange({ filename, start, end }: SourceRange): string {
  const from = `${filename}:${start.line},${start.column}`;
  return start.line === end.line ? `${from}-${end.column}` : `${from}-${end.line},${end.column}`;
}
