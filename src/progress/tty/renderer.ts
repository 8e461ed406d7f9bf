import type { SolveStatus, UnixNano } from '../../buildkit/control/index.ts';
import { failedStepLogs } from '../failed-steps.ts';
import { applyStatus, createModel, isCompleted, type ProgressModel, type Step } from '../model.ts';
import type { Renderer } from '../renderer.ts';
import { Canvas } from './canvas.ts';
import type { StepColors } from './colors.ts';
import { drawFrame } from './frame.ts';
import type { Screen } from './screen.ts';
import { followOutput, type TerminalSize, usableSize } from './step-screens.ts';

export interface TtyOptions {
  readonly phase: string;
  readonly description: string;
  /** Milliseconds between two pictures while events come. */
  readonly intervalMs: number;
  /** Columns and rows of the terminal; 0 when they are not known. */
  readonly size: () => TerminalSize;
  readonly colors: StepColors;
  readonly logLines: number;
}

/** Draws the build over and over in the same place. */
export class TtyRenderer implements Renderer {
  readonly #options: TtyOptions;
  readonly #model: ProgressModel = createModel();
  readonly #screens = new Map<Step, Screen>();
  readonly #timesShown = new Map<Step, number>();
  readonly #canvas: Canvas;
  #lastOutput: UnixNano | undefined;

  constructor(options: TtyOptions) {
    this.#options = options;
    this.#canvas = new Canvas(options.colors);
  }

  update(status: SolveStatus, now: UnixNano): string {
    applyStatus(this.#model, status, now);
    const size = usableSize(this.#options.size());
    followOutput(this.#screens, this.#model, status, { ...size, logLines: this.#options.logLines });
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
    const { phase, description, logLines } = this.#options;
    const size = usableSize(this.#options.size());
    const lines = drawFrame(this.#model, {
      phase,
      description,
      ...size,
      logLines,
      now,
      isLast,
      screens: this.#screens,
      timesShown: this.#timesShown,
    });
    return this.#canvas.draw(lines, size.width);
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
