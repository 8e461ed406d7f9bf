// Matches Go's text/tabwriter, left aligned: each cell but the last of a row is as wide as the widest of its column.

/** Rows as lines of text; `padding` spaces stand between a column's widest cell and the next column. */
export function alignColumns(rows: readonly (readonly string[])[], padding: number): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell) + padding);
    }
  }
  return rows.map((row) => `${row.map((cell, column) => padded(cell, row, column, widths)).join('')}\n`).join('');
}

function padded(cell: string, row: readonly string[], column: number, widths: readonly number[]): string {
  const isLast = column === row.length - 1;
  return isLast ? cell : cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell));
}

/** In code points, as Go counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
