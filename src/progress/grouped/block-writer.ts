import type { UnixNano } from '../../buildkit/control/index.ts';
import { isCompleted, type Step } from '../model.ts';
import { outcomeText, transferText } from '../step-text.ts';
import type { StepPlace } from './dockerfile-order.ts';
import type { Fold } from './sections.ts';

/** A step that is to be shown, and where it stands. */
export interface Block {
  readonly step: Step;
  readonly place: StepPlace | undefined;
}

/** What was shown of a step. */
interface Shown {
  readonly number: number;
  warnings: number;
  outcome: string;
  lastLines: readonly string[];
}

/** Lines that are shown again when the step fails. */
const keptLines = 10;

/** The text of steps, with the signs of plain progress: each block begins with the name and ends with what became of it. */
export class BlockWriter {
  readonly #description: string;
  readonly #fold: Fold | undefined;
  readonly #forTerminal: boolean;
  readonly #shown = new Map<Step, Shown>();

  constructor(options: { readonly description: string; readonly fold: Fold | undefined; readonly terminal: unknown }) {
    this.#description = options.description;
    this.#fold = options.fold;
    this.#forTerminal = options.terminal !== undefined;
  }

  /** Whether it was not shown yet, or wrote something after that. */
  hasNews(step: Step): boolean {
    const shown = this.#shown.get(step);
    return shown === undefined || step.lines.length > 0 || step.warnings.length > shown.warnings;
  }

  lastLines(step: Step): readonly string[] {
    return this.#shown.get(step)?.lastLines ?? [];
  }

  /** A step that was shown before is shown with what is new. */
  write(step: Step, now: UnixNano): string {
    const isFirst = this.#shown.size === 0;
    const known = this.#shown.get(step);
    const shown = known ?? { number: this.#shown.size + 1, warnings: 0, outcome: '', lastLines: [] };
    this.#shown.set(step, shown);
    const prefix = `#${shown.number} `;
    const title = prefix + this.#safe(step.name);
    const outcome = isCompleted(step) ? outcomeText(step, now) : '...';
    const lines = this.#body(step, shown, known === undefined);
    const body = lines.map((line) => `${prefix}${line}\n`).join('');
    const end = `${prefix}${this.#safe(outcome)}\n`;
    const start = isFirst && this.#description !== '' ? `#0 ${this.#description}\n\n` : isFirst ? '' : '\n';
    // a failure is not hidden behind a fold
    if (this.#fold === undefined || lines.length === 0 || step.error !== '') return `${start}${title}\n${body}${end}`;
    const { start: started = 0n } = step.ran[0] ?? {};
    const completed = step.ran.at(-1)?.stop ?? now;
    const id = `step_${started / 1_000_000n}_${shown.number}`;
    return start + this.#fold({ id, title: `${title} ${outcome}`, started, completed }, body);
  }

  #body(step: Step, shown: Shown, withTransfers: boolean): string[] {
    const lines = step.lines.splice(0).map((line) => this.#safe(line));
    step.lineOpen = false;
    shown.lastLines = [...shown.lastLines, ...lines].slice(-keptLines);
    const transfers = withTransfers ? step.transfers.map(({ status }) => this.#safe(transferText(status))) : [];
    const warnings = step.warnings
      .slice(shown.warnings)
      .map(({ short }) => `WARN: ${this.#safe(Buffer.from(short).toString())}`);
    shown.warnings = step.warnings.length;
    return [...transfers, ...warnings, ...lines];
  }

  /** On a terminal, colours only: what moves the cursor would spoil what is drawn below. */
  #safe(text: string): string {
    if (!this.#forTerminal) return text;
    const shown =
      text
        .replace(steering, '')
        .split('\r')
        .findLast((part) => part !== '') ?? '';
    return shown.includes('\u001b') ? `${shown}\u001b[0m` : shown;
  }
}

/** Control sequences other than colours, and control characters other than tabs and the return to the start of a line. */
const steering =
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  /\u001b(?!\[[\d;:]*m)(?:\[[ -?]*[@-~]?|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~]?)|[\0-\u0008\n\u000b\f\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g;
