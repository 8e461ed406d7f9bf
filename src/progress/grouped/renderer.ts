import type { SolveStatus, UnixNano } from '../../buildkit/control/index.ts';
import { failedStepLogs } from '../failed-steps.ts';
import { applyStatus, createModel, isCompleted, isStarted, type ProgressModel, type Step } from '../model.ts';
import type { Renderer } from '../renderer.ts';
import { Canvas } from '../tty/canvas.ts';
import type { StepColors } from '../tty/colors.ts';
import { drawFrame } from '../tty/frame.ts';
import type { Screen } from '../tty/screen.ts';
import { followOutput, type TerminalSize, usableSize } from '../tty/step-screens.ts';
import { type Block, BlockWriter } from './block-writer.ts';
import { DockerfileOrder, placeOf, type StepPlace } from './dockerfile-order.ts';
import type { Fold } from './sections.ts';

export interface GroupedOptions {
  /** First line, without its `#0 `; empty for none. */
  readonly description: string;
  /** Milliseconds between two outputs. */
  readonly intervalMs: number;
  /** Marks around the output of a step, where somebody understands them. */
  readonly fold: Fold | undefined;
  /** The terminal, for running steps below the finished ones; undefined for none. */
  readonly terminal: LiveTerminal | undefined;
}

export interface LiveTerminal {
  readonly phase: string;
  /** Stands at the right end of the title. */
  readonly description: string;
  readonly size: () => TerminalSize;
  readonly colors: StepColors;
  readonly logLines: number;
}

/**
 * One block of text for each step that has ended, in the order of the Dockerfile: a step waits for those before it. On a
 * terminal, what runs is drawn below.
 */
export class GroupedRenderer implements Renderer {
  readonly #options: GroupedOptions;
  readonly #model: ProgressModel = createModel();
  readonly #order = new DockerfileOrder();
  readonly #blocks: BlockWriter;
  readonly #live: LiveTail | undefined;
  #lastOutput: UnixNano | undefined;

  constructor(options: GroupedOptions) {
    this.#options = options;
    this.#blocks = new BlockWriter(options);
    this.#live = options.terminal && new LiveTail(options.terminal);
  }

  update(status: SolveStatus, now: UnixNano): string {
    applyStatus(this.#model, status, now);
    this.#order.add(status.vertexes);
    this.#live?.follow(this.#model, status);
    const interval = BigInt(Math.round(this.#options.intervalMs * 1e6));
    if (this.#lastOutput !== undefined && now - this.#lastOutput < interval) return '';
    this.#lastOutput = now;
    return this.refresh(now);
  }

  refresh(now: UnixNano): string {
    const first = this.#firstUnfinished();
    const text = this.#write(
      this.#finished().filter(({ place }) => !first || !place || this.#order.compare(place, first) < 0),
      now,
    );
    return this.#live === undefined ? text : this.#live.draw(this.#model, now, text);
  }

  end(now: UnixNano): string {
    const rest = this.#model.steps.filter((step) => !isCompleted(step)).map((step) => ({ step, place: placeOf(step) }));
    const text =
      this.#write([...this.#finished(), ...rest], now) +
      failedStepLogs(this.#model, (step) => this.#blocks.lastLines(step));
    return this.#live === undefined ? text : this.#live.end(this.#model, now, text);
  }

  /** Steps with something to show, those of no stage first. */
  #finished(): Block[] {
    return this.#model.steps
      .filter((step) => isCompleted(step) && this.#blocks.hasNews(step))
      .map((step) => ({ step, place: placeOf(step) }));
  }

  #firstUnfinished(): StepPlace | undefined {
    let first: StepPlace | undefined;
    for (const step of this.#model.byDigest.values()) {
      if (step.hidden || this.#hasEnded(step)) continue;
      const place = placeOf(step);
      if (place !== undefined && (first === undefined || this.#order.compare(place, first) < 0)) first = place;
    }
    return first;
  }

  #hasEnded(step: Step): boolean {
    return isCompleted(step) && step.transfers.every(({ status }) => status.completed !== undefined);
  }

  #write(blocks: readonly Block[], now: UnixNano): string {
    const inOrder = blocks.toSorted(({ place: a }, { place: b }) =>
      a && b ? this.#order.compare(a, b) : Number(a !== undefined) - Number(b !== undefined),
    );
    return inOrder.map(({ step }) => this.#blocks.write(step, now)).join('');
  }
}

/** The running steps with the ends of their output. */
class LiveTail {
  readonly #terminal: LiveTerminal;
  readonly #canvas: Canvas;
  readonly #screens = new Map<Step, Screen>();
  readonly #timesShown = new Map<Step, number>();

  constructor(terminal: LiveTerminal) {
    this.#terminal = terminal;
    this.#canvas = new Canvas(terminal.colors);
  }

  follow(model: ProgressModel, status: SolveStatus): void {
    const { size, logLines } = this.#terminal;
    followOutput(this.#screens, model, status, { ...usableSize(size()), logLines });
  }

  draw(model: ProgressModel, now: UnixNano, above: string): string {
    const running = model.steps.filter((step) => isStarted(step) && !isCompleted(step));
    return this.#frame(model, now, above, running);
  }

  end(model: ProgressModel, now: UnixNano, above: string): string {
    return this.#frame(model, now, above, []);
  }

  #frame(model: ProgressModel, now: UnixNano, above: string, steps: readonly Step[]): string {
    const { size, ...terminal } = this.#terminal;
    const { width, height } = usableSize(size());
    for (const step of this.#screens.keys()) if (isCompleted(step)) this.#screens.delete(step);
    const lines = drawFrame(model, {
      ...terminal,
      width,
      height,
      now,
      isLast: steps.length === 0,
      screens: this.#screens,
      timesShown: this.#timesShown,
      steps,
    });
    return this.#canvas.draw(lines, width, above);
  }
}
