/** A line of one text or of both. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Lines that differ, and some around them. Line numbers count from 1. */
export interface DiffHunk {
  readonly before: number;
  readonly after: number;
  readonly lines: readonly DiffLine[];
}

/** Lines around a change. */
const AROUND = 3;
/** Pairs of lines that are compared at most; what is larger counts as replaced. */
const MAX_PAIRS = 4_000_000;

/** How one text becomes the other, line by line; empty when it is the same. */
export function diffLines(before: string, after: string): DiffHunk[] {
  return hunks(allLines(linesOf(before), linesOf(after)));
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function allLines(a: readonly string[], b: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const middle = differing(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...a.slice(0, start).map(same), ...middle, ...a.slice(a.length - end).map(same)];
}

/** By their longest common subsequence. */
function differing(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length * b.length > MAX_PAIRS) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  // How many lines the rests from i and j have in common.
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push(same(left));
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(left));
      i += 1;
    } else {
      lines.push(added(right ?? ''));
      j += 1;
    }
  }
  return lines;
}

function hunks(lines: readonly DiffLine[]): DiffHunk[] {
  const found: DiffHunk[] = [];
  let [before, after] = [1, 1];
  let open: { before: number; after: number; from: number; to: number } | undefined;
  const close = (): void => {
    if (open !== undefined)
      found.push({ before: open.before, after: open.after, lines: lines.slice(open.from, open.to) });
    open = undefined;
  };
  for (const [at, { kind }] of lines.entries()) {
    if (kind !== 'same') {
      const shown = Math.min(AROUND, at);
      // Those before a change are the same in both texts.
      open ??= { before: before - shown, after: after - shown, from: at - shown, to: at };
      open.to = Math.min(at + 1 + AROUND, lines.length);
    } else if (open !== undefined && at >= open.to + AROUND) {
      close();
    }
    if (kind !== 'added') before += 1;
    if (kind !== 'removed') after += 1;
  }
  close();
  return found;
}

function same(text: string): DiffLine {
  return { kind: 'same', text };
}

function removed(text: string): DiffLine {
  return { kind: 'removed', text };
}

function added(text: string): DiffLine {
  return { kind: 'added', text };
}
