/** One row of a waterfall. */
export interface Row {
  readonly item: HTMLElement;
  readonly details: HTMLDetailsElement;
  readonly summary: HTMLElement;
  readonly bars: SVGSVGElement | null;
  readonly depth: number;
  readonly isBranch: boolean;
  readonly kinds: ReadonlySet<string>;
  isCollapsed: boolean;
}

/** The rows of a list, from its markup. */
export function readRows(list: HTMLElement): Row[] {
  return [...list.querySelectorAll<HTMLElement>('.row')].flatMap((item) => {
    const details = item.querySelector('details');
    const summary = item.querySelector('summary');
    if (details === null || summary === null) return [];
    return {
      item,
      details,
      summary,
      bars: item.querySelector<SVGSVGElement>('.bars'),
      depth: Number(item.getAttribute('aria-level') ?? 1) - 1,
      isBranch: item.querySelector('.twist:not(.leaf)') !== null,
      kinds: new Set((item.dataset['kinds'] ?? '').split(' ')),
      isCollapsed: false,
    };
  });
}

const texts = new WeakMap<Row, string>();

/** Whether a row, details and all, has the words; they are in small letters. */
function hasWords(row: Row, words: readonly string[]): boolean {
  let text = texts.get(row);
  if (text === undefined) texts.set(row, (text = (row.item.textContent ?? '').toLowerCase()));
  return words.every((word) => text.includes(word));
}

/** Which rows are shown: those that match, what they are part of, and nothing of closed branches. */
export function visibleRows(rows: readonly Row[], kind: string, words: readonly string[]): Set<Row> {
  const visible = new Set<Row>();
  const isSearching = kind !== '' || words.length > 0;
  const path: Row[] = [];
  let closedDepth = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    path.length = Math.min(path.length, row.depth);
    if (row.depth <= closedDepth) closedDepth = Number.POSITIVE_INFINITY;
    const matches = (kind === '' || row.kinds.has(kind)) && hasWords(row, words);
    if (isSearching ? matches : closedDepth === Number.POSITIVE_INFINITY) {
      for (const above of isSearching ? path : []) visible.add(above);
      visible.add(row);
    }
    path[row.depth] = row;
    if (row.isCollapsed && closedDepth === Number.POSITIVE_INFINITY) closedDepth = row.depth;
  }
  return visible;
}
