import { textWidth } from './cell-width.ts';
import type { StepColors } from './colors.ts';
import type { FrameLine } from './frame.ts';

/**
 * The place on the terminal where pictures are drawn over each other. The cursor is hidden only within one write, so that
 * it is there whatever ends the program.
 */
export class Canvas {
  readonly #colors: StepColors;
  /** Columns of each line of the picture that is on the terminal. */
  #drawn: readonly number[] = [];

  constructor(colors: StepColors) {
    this.#colors = colors;
  }

  /** Draws these lines in the place of the last ones; `above` stays above them from now on. */
  draw(lines: readonly FrameLine[], width: number, above = ''): string {
    const up = rowsAt(this.#drawn, width);
    this.#drawn = lines.map(({ text }) => textWidth(text));
    const text = lines.map((line, i) => this.paint(line) + endOfLine(this.#drawn[i] ?? 0, width)).join('');
    const clear = above === '' ? '' : '\u001b[J';
    return `\u001b[?25l${up === 0 ? '' : `\u001b[${up}A`}\r${clear}${above}${text}\u001b[J\u001b[?25h`;
  }

  paint({ text, look }: FrameLine): string {
    return look === 'none' ? text : this.#colors[look](text);
  }
}

/** Rows that lines take in a terminal of `width` columns, which may have become narrower since they were drawn. */
function rowsAt(lines: readonly number[], width: number): number {
  return lines.reduce((rows, columns) => rows + Math.max(1, Math.ceil(columns / width)), 0);
}

/** Clears what an earlier picture left behind; a line that fills the row needs none, and would lose its last column. */
function endOfLine(columns: number, width: number): string {
  return columns < width ? '\u001b[K\n' : '\n';
}
