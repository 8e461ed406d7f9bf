import type { SolveStatus, UnixNano } from '../../buildkit/control/index.ts';
import { failedStepLogs } from '../failed-steps.ts';
import { applyStatus, createModel, isCompleted, type ProgressModel, type Step } from '../model.ts';
import type { Renderer } from '../renderer.ts';
import { textWidth } from './cell-width.ts';
import type { StepColors } from './colors.ts';
import { drawFrame, type FrameLine, tailHeight, tailMargin } from './frame.ts';
import { Screen } from './screen.ts';

export interface TtyOptions {
  readonly phase: string;
  readonly description: string;
  /** Milliseconds between two pictures while events come. */
  readonly intervalMs: number;
  /** Columns and rows of the terminal; 0 when they are not known. */
  readonly size: () => { readonly width: number; readonly height: number };
  readonly colors: StepColors;
  readonly logLines: number;
}

/**
 * Draws the build over and over in the same place. The cursor is hidden only within one write, so that it is there
 * whatever ends the program.
 */
export class TtyRenderer implements Renderer {
  readonly #options: TtyOptions;
  readonly #model: ProgressModel = createModel();
  readonly #screens = new Map<Step, Screen>();
  readonly #timesShown = new Map<Step, number>();
  /** Columns of each line of the picture that is on the terminal. */
  #drawn: readonly number[] = [];
  #lastOutput: UnixNano | undefined;

  constructor(options: TtyOptions) {
    this.#options = options;
  }

  update(status: SolveStatus, now: UnixNano): string {
    applyStatus(this.#model, status, now);
    this.#followOutput(status);
    this.#forget();
    const interval = BigInt(Math.round(this.#options.intervalMs * 1e6));
    if (this.#lastOutput !== undefined && now - this.#lastOutput < interval) return '';
    this.#lastOutput = now;
    return this.refresh(now);
  }

  refresh(now: UnixNano): string {
    return this.#draw(now, false);
  }

  end(now: UnixNano): string {
    return this.#draw(now, true) + failedStepLogs(this.#model, (step) => step.lines);
  }

  #draw(now: UnixNano, isLast: boolean): string {
    const { phase, description, logLines, colors } = this.#options;
    const { width, height } = this.#size();
    const lines = drawFrame(this.#model, {
      phase,
      description,
      width,
      height,
      logLines,
      now,
      isLast,
      screens: this.#screens,
      timesShown: this.#timesShown,
    });
    const up = rowsAt(this.#drawn, width);
    this.#drawn = lines.map(({ text }) => textWidth(text));
    const text = lines.map((line, i) => paintLine(line, colors) + endOfLine(this.#drawn[i] ?? 0, width)).join('');
    return `\u001b[?25l${up === 0 ? '' : `\u001b[${up}A`}\r${text}\u001b[J\u001b[?25h`;
  }

  #size(): { width: number; height: number } {
    const { width, height } = this.#options.size();
    return width > 0 && height > 0 ? { width, height } : { width: 80, height: 10 };
  }

  #followOutput(status: SolveStatus): void {
    if (status.logs.length === 0) return;
    const { width, height } = this.#size();
    for (const log of status.logs) {
      const step = this.#model.byDigest.get(log.vertex);
      if (step === undefined) continue;
      let screen = this.#screens.get(step);
      if (screen === undefined) {
        screen = new Screen(width - tailMargin, tailHeight(height, this.#options.logLines));
        this.#screens.set(step, screen);
      }
      screen.write(log.data);
    }
  }

  /** Output is kept only for steps that may still fail. */
  #forget(): void {
    for (const step of this.#model.changed) {
      step.changedTransfers.clear();
      if (!isCompleted(step)) continue;
      this.#screens.delete(step);
      if (step.error !== '') continue;
      step.lines = [];
      step.lineOpen = false;
    }
    this.#model.changed.clear();
  }
}

/** Rows that lines take in a terminal of `width` columns, which may have become narrower since they were drawn. */
function rowsAt(lines: readonly number[], width: number): number {
  return lines.reduce((rows, columns) => rows + Math.max(1, Math.ceil(columns / width)), 0);
}

function paintLine({ text, look }: FrameLine, colors: StepColors): string {
  return look === 'none' ? text : colors[look](text);
}

/** Clears what an earlier picture left behind; a line that fills the row needs none, and would lose its last column. */
function endOfLine(columns: number, width: number): string {
  return columns < width ? '\u001b[K\n' : '\n';
}
