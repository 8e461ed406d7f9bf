// Progress as lines of text, one step at a time. Matches util/progress/progressui/printer.go of BuildKit byte for byte.
import type { SolveStatus, UnixNano } from '../buildkit/control/index.ts';
import { failedStepLogs } from './failed-steps.ts';
import { seconds } from './interval.ts';
import { applyStatus, createModel, isCompleted, isStarted, type ProgressModel, type Step } from './model.ts';
import type { Renderer } from './renderer.ts';
import { outcomeText, transferText } from './step-text.ts';

/** A step keeps the output for at least this many seconds over its share of events. */
const antiFlickerSeconds = 5;
/** A step with news waits no longer than this for its turn. */
const maxDelaySeconds = 10;
/** A transfer is told again after this time, or when it got on by this part of its total. */
const minTransferSeconds = 5;
const minTransferPart = 0.05;
/** Lines that are shown again when the step fails. */
const keptLines = 10;

export interface PlainOptions {
  /** First line, without its `#0 `; empty for none. */
  readonly description: string;
  /** Milliseconds between two outputs; what comes in between is collected. */
  readonly intervalMs: number;
  /** Cut step names to 72 characters. */
  readonly truncateNames: boolean;
}

/** What was shown of a step. */
interface Shown {
  readonly index: number;
  /** How much of an unfinished line was printed. */
  lineOffset: number;
  warnings: number;
  /** The last lines, for the case that it fails. */
  tail: string[];
}

interface ShownTransfer {
  readonly current: bigint;
  readonly timestamp: UnixNano;
}

export class PlainRenderer implements Renderer {
  readonly #options: PlainOptions;
  readonly #model: ProgressModel = createModel();
  readonly #shown = new Map<Step, Shown>();
  readonly #transfers = new Map<string, ShownTransfer>();
  #current: Step | undefined;
  #started = false;
  #lastOutput: UnixNano | undefined;
  #out = '';

  constructor(options: PlainOptions) {
    this.#options = options;
  }

  update(status: SolveStatus, now: UnixNano): string {
    applyStatus(this.#model, status, now);
    const interval = BigInt(Math.round(this.#options.intervalMs * 1e6));
    if (this.#lastOutput !== undefined && now - this.#lastOutput < interval) return '';
    this.#lastOutput = now;
    return this.refresh(now);
  }

  refresh(now: UnixNano): string {
    this.#showChanged(now);
    return this.#taken();
  }

  end(now: UnixNano): string {
    this.#showChanged(now);
    this.#out += failedStepLogs(this.#model, (step) => this.#shown.get(step)?.tail ?? []);
    return this.#taken();
  }

  #taken(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }

  /** Completed steps first, then the running one whose turn it is. */
  #showChanged(now: UnixNano): void {
    const visible = [...this.#model.changed].filter((step) => !step.hidden);
    const completed = visible.filter(isCompleted).sort((a, b) => compare(endOf(a), endOf(b)));
    const running = new Set(visible.filter((step) => !isCompleted(step)));
    const current = this.#current;
    const currentCompleted = current !== undefined && completed.includes(current);
    if (currentCompleted) this.#show(current, now);
    for (const step of completed) if (step !== current) this.#show(step, now);
    if (running.size === 0) {
      if (current === undefined || !isOpen(current)) this.#showAnyOpen(now);
      return;
    }
    if (current !== undefined && running.has(current)) this.#show(current, now);
    if (current !== undefined && !currentCompleted) running.add(current);
    const next = this.#nextTurn(running, current === undefined || currentCompleted, now);
    if (next !== undefined) this.#show(next, now);
  }

  #showAnyOpen(now: UnixNano): void {
    const open = this.#model.steps.find((step) => isOpen(step) && !step.hidden);
    if (open !== undefined) this.#show(open, now);
  }

  /** Shares the output between the running steps by their rate of events; nobody waits longer than the delay. */
  #nextTurn(running: ReadonlySet<Step>, free: boolean, now: UnixNano): Step | undefined {
    const candidates = [...running]
      .filter((step) => step.eventsSince > 0n)
      .map((step) => ({ step, waited: seconds(now - step.eventsSince) }))
      .map(({ step, waited }) => ({
        step,
        waited,
        rate: waited > 0 ? step.events / waited : Number.MAX_VALUE,
        overdue: waited > maxDelaySeconds && step !== this.#current,
      }));
    const overdue = candidates.find((candidate) => candidate.overdue);
    if (overdue !== undefined) return overdue.step;
    const busiest = candidates.reduce<(typeof candidates)[number] | undefined>(
      (best, candidate) => (best === undefined || candidate.rate > best.rate ? candidate : best),
      undefined,
    );
    if (free) return busiest?.step;
    const own = candidates.find((candidate) => candidate.step === this.#current);
    if (own === undefined) return undefined;
    const share = own.rate / candidates.reduce((sum, candidate) => sum + candidate.rate, 0);
    return antiFlickerSeconds / (1 - share) < own.waited ? busiest?.step : undefined;
  }

  #show(step: Step, now: UnixNano): void {
    const shown = this.#shownOf(step);
    if (step !== this.#current) this.#switchTo(step, shown);
    const prefix = `#${shown.index} `;
    const transferring = this.#showTransfers(step, prefix);
    for (const warning of step.warnings.slice(shown.warnings)) {
      this.#out += `${prefix}WARN: ${Buffer.from(warning.short).toString()}\n`;
    }
    shown.warnings = step.warnings.length;
    this.#showLines(step, shown, prefix);
    this.#current = step;
    if (isCompleted(step) && !transferring) this.#close(step, shown, now);
    this.#model.changed.delete(step);
  }

  #shownOf(step: Step): Shown {
    let shown = this.#shown.get(step);
    if (shown === undefined) {
      shown = { index: this.#shown.size + 1, lineOffset: 0, warnings: 0, tail: [] };
      this.#shown.set(step, shown);
    }
    return shown;
  }

  #switchTo(step: Step, shown: Shown): void {
    if (this.#current !== undefined) {
      const left = this.#shownOf(this.#current);
      if (this.#current.lineOpen) this.#out += '\n';
      left.lineOffset = 0;
      this.#current.events = 0;
      this.#out += `#${left.index} ...\n`;
    }
    if (this.#started) this.#out += '\n';
    else if (this.#options.description !== '') this.#out += `#0 ${this.#options.description}\n\n`;
    this.#started = true;
    this.#out += `#${shown.index} ${this.#options.truncateNames ? shortened(step.name) : step.name}\n`;
  }

  /** Whether a transfer goes on: a remote cache may load while the step counts as complete. */
  #showTransfers(step: Step, prefix: string): boolean {
    let open = false;
    for (const { status } of step.transfers) {
      if (!step.changedTransfers.has(status.id)) continue;
      const { id, current, total, timestamp, completed } = status;
      const last = this.#transfers.get(id);
      if (last !== undefined && completed === undefined) {
        const part = total > 0n ? Number(current - last.current) / Number(total) : 0;
        if (part < minTransferPart && seconds(timestamp - last.timestamp) < minTransferSeconds) continue;
      }
      this.#transfers.set(id, { current, timestamp });
      if (completed === undefined) open = true;
      this.#out += `${prefix}${transferText(status)}\n`;
    }
    step.changedTransfers.clear();
    return open;
  }

  #showLines(step: Step, shown: Shown, prefix: string): void {
    const { lines } = step;
    if (lines.length === 0) return;
    const rest = step.lineOpen ? lines.at(-1) : undefined;
    const text = prefix + lines.join(`\n${prefix}`);
    this.#out += shown.lineOffset > 0 ? text.slice(prefix.length + shown.lineOffset) : text;
    if (rest === undefined) this.#out += '\n';
    keep(shown, rest === undefined ? lines : lines.slice(0, -1));
    step.lines = rest === undefined ? [] : [rest];
    shown.lineOffset = rest?.length ?? 0;
  }

  #close(step: Step, shown: Shown, now: UnixNano): void {
    this.#current = undefined;
    step.events = 0;
    if (step.lineOpen) {
      this.#out += '\n';
      keep(shown, step.lines.splice(0));
      step.lineOpen = false;
      shown.lineOffset = 0;
    }
    this.#out += `#${shown.index} ${outcomeText(step, now)}\n`;
  }
}

function keep(shown: Shown, lines: readonly string[]): void {
  shown.tail = [...shown.tail, ...lines.slice(-keptLines)].slice(-keptLines);
}

function isOpen(step: Step): boolean {
  return isStarted(step) && !isCompleted(step);
}

function endOf(step: Step): UnixNano {
  return step.ran.at(-1)?.stop ?? 0n;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shortened(name: string): string {
  return name.length > 72 ? `${name.slice(0, 72)}...` : name;
}
