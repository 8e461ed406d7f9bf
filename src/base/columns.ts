// Matches Go's text/tabwriter, left aligned: a cell is as wide as the widest of its column, the last one of a row as it is.
// A column ends at the first row that does not have it.

/**
 * Rows as lines of text; `padding` spaces stand between a column's widest cell and the next column, and each column is at
 * least `least` wide with them.
 */
export function alignColumns(rows: readonly (readonly string[])[], padding: number, least = 0): string {
  const widths = rows.map((): number[] => []);
  const columns = Math.max(0, ...rows.map((row) => row.length - 1));
  for (let column = 0; column < columns; column++) {
    for (let from = 0, to = 0; from < rows.length; from = to + 1) {
      let width = 0;
      for (to = from; hasColumn(rows[to], column); to++) width = Math.max(width, lengthOf(rows[to]?.[column] ?? ''));
      for (const own of widths.slice(from, to)) own.push(Math.max(width + padding, least));
    }
  }
  return rows.map((row, at) => `${row.map((cell, column) => padded(cell, widths[at]?.[column])).join('')}\n`).join('');
}

function hasColumn(row: readonly string[] | undefined, column: number): boolean {
  return row !== undefined && column < row.length - 1;
}

/** The last cell of a row has no width. */
function padded(cell: string, width: number | undefined): string {
  return width === undefined ? cell : cell + ' '.repeat(width - lengthOf(cell));
}

/** In code points, as Go counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
