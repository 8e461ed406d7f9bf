import type { SourceRange } from '../../buildkit/control/index.ts';
import type { SourceLines } from './report-model.ts';

/** Lines around those that are marked. */
const AROUND = 2;
/** Lines that are shown at most; what is marked beyond is left out. */
const MOST = 40;
/** Characters of a line. */
const WIDTH = 500;

/** The lines of a file that ranges are about, with some around them; undefined when they name no line of it. */
export function sourceLines(
  { filename, data }: { readonly filename: string; readonly data: Uint8Array },
  ranges: readonly SourceRange[],
): SourceLines | undefined {
  const lines = Buffer.from(data).toString().split('\n');
  const marks = ranges.map(({ start, end }) => ({ first: start.line, last: Math.max(start.line, end.line) }));
  const first = Math.max(1, Math.min(...marks.map((mark) => mark.first)) - AROUND);
  const last = Math.min(lines.length, Math.max(...marks.map((mark) => mark.last)) + AROUND, first + MOST);
  if (marks.length === 0 || marks.some((mark) => mark.first < 1) || first > lines.length) return undefined;
  return {
    filename,
    lines: lines.slice(first - 1, last).map((text, index) => {
      const number = first + index;
      const isMarked = marks.some((mark) => mark.first <= number && number <= mark.last);
      return { number, text: text.slice(0, WIDTH), isMarked };
    }),
  };
}
