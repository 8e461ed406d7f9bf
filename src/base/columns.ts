// Matches Go's text/tabwriter, left aligned: a cell is as wide as the widest of its column, the last one of a row as it is.
// A column ends at the first row that does not have it.

export interface ColumnOptions {
  /** How wide a column is at least, with its padding. */
  readonly least?: number | undefined;
  /** Columns that a text takes. Default: its code points, as Go counts. */
  readonly widthOf?: ((text: string) => number) | undefined;
  /** Fill up with tabs. */
  readonly tabs?: boolean | undefined;
}

const TAB_WIDTH = 8;

/** Rows as lines of text; `padding` spaces stand between a column's widest cell and the next column. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  padding: number,
  { least = 0, widthOf = lengthOf, tabs = false }: ColumnOptions = {},
): string {
  const widths = rows.map((): number[] => []);
  const columns = Math.max(0, ...rows.map((row) => row.length - 1));
  for (let column = 0; column < columns; column++) {
    for (let from = 0, to = 0; from < rows.length; from = to + 1) {
      let width = 0;
      for (to = from; hasColumn(rows[to], column); to++) width = Math.max(width, widthOf(rows[to]?.[column] ?? ''));
      for (const own of widths.slice(from, to)) own.push(Math.max(width + padding, least));
    }
  }
  /** The last cell of a row has no width. */
  const padded = (cell: string, width: number | undefined): string => {
    if (width === undefined) return cell;
    if (!tabs) return cell + ' '.repeat(width - widthOf(cell));
    const stop = Math.ceil(width / TAB_WIDTH) * TAB_WIDTH;
    return cell + '\t'.repeat(Math.ceil((stop - widthOf(cell)) / TAB_WIDTH));
  };
  return rows.map((row, at) => `${row.map((cell, column) => padded(cell, widths[at]?.[column])).join('')}\n`).join('');
}

function hasColumn(row: readonly string[] | undefined, column: number): boolean {
  return row !== undefined && column < row.length - 1;
}

/** In code points, as Go counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}
