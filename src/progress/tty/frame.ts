// One picture of the build for a terminal: a title, a line for each step and transfer, the output of running steps.
// Matches the layout of ttyDisplay in util/progress/progressui/display.go of BuildKit.
import type { UnixNano } from '../../buildkit/control/index.ts';
import { type Interval, seconds, totalSeconds } from '../interval.ts';
import { isCanceled, isCompleted, type ProgressModel, type Step } from '../model.ts';
import { fixed, transferred } from '../numbers.ts';
import { cutToWidth, textWidth, withoutFormatting } from './cell-width.ts';
import type { Screen } from './screen.ts';

export interface FrameOptions {
  readonly phase: string;
  /** Stands at the right end of the title. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Lines of output that a running step gets. */
  readonly logLines: number;
  readonly now: UnixNano;
  /** The last picture: everything is shown, whatever the height. */
  readonly isLast: boolean;
  readonly screens: ReadonlyMap<Step, Screen>;
  /** How often a step's output was shown; counts in favour of showing it again. */
  readonly timesShown: Map<Step, number>;
  /** The steps to show. Default: all. */
  readonly steps?: readonly Step[] | undefined;
}

export interface FrameLine {
  readonly text: string;
  readonly look: 'run' | 'cancel' | 'error' | 'tail' | 'none';
}

interface Row {
  readonly name: string;
  readonly status: string;
  readonly seconds: number;
  readonly completed: boolean;
  readonly look: FrameLine['look'];
  /** Where the output of the step is followed. */
  readonly step?: Step | undefined;
}

/** Space that a step's output needs beside its lines, and the width that it leaves free. */
const tailOverhead = 3;
export const tailMargin = 10;
const minLogLines = 6;
/** Below this many columns for a name, a row is left out. */
const minNameWidth = 12;

export function drawFrame(model: ProgressModel, options: FrameOptions): FrameLine[] {
  const rows = (options.steps ?? model.steps).flatMap((step) => rowsOf(step, options.now));
  const tails = chooseTails(rows, options);
  const used = [...tails.values()].reduce((sum, lines) => sum + lines.length, 0);
  const visible = options.isLast ? rows : fitHeight(rows, options.height - 2 - used);
  const lines: FrameLine[] = [{ text: titleOf(model, options), look: 'none' }];
  for (const row of visible) {
    const text = rowText(row, options.width);
    if (text === undefined) continue;
    lines.push({ text, look: row.look });
    const tail = row.step && tails.get(row.step);
    for (const line of tail ?? []) lines.push({ text: ` => => # ${line}`, look: 'tail' });
  }
  return lines;
}

/** Lines of output that a step gets in a terminal of this height. */
export function tailHeight(height: number, logLines: number): number {
  return Math.max(minLogLines, Math.min(logLines, height - minLogLines - 1));
}

function titleOf(model: ProgressModel, { phase, description, width, now, isLast }: FrameOptions): string {
  const { total, completed } = countSteps(model);
  const state = isLast && completed > 0 && completed === total ? 'FINISHED' : '';
  const title = `[+] ${phase} ${fixed(seconds(now - (model.started ?? now)), 1)}s (${completed}/${total}) ${state}`;
  const aligned = description === '' ? align(title, '', width) : align(title, description, width - 1);
  return cutToWidth(aligned, width);
}

function countSteps(model: ProgressModel): { total: number; completed: number } {
  let total = 0;
  let completed = 0;
  for (const step of model.byDigest.values()) {
    if (step.hidden) continue;
    total++;
    if (isCompleted(step)) completed++;
  }
  return { total, completed };
}

function rowsOf(step: Step, now: UnixNano): Row[] {
  const { look, prefix } = lookOf(step);
  const completed = isCompleted(step);
  const rows: Row[] = [
    {
      name: prefix + printable(step.name),
      status: '',
      seconds: totalSeconds(step.ran, now),
      completed,
      look: completed ? look : 'none',
      step,
    },
  ];
  for (const { status, ahead } of step.transfers) {
    const { started: start, completed: stop } = status;
    const ran: Interval[] = start === undefined ? [] : [{ start, stop, ahead }];
    const isDone = status.completed !== undefined;
    rows.push({
      name: `=> ${printable(status.id)}`,
      status: transferred(status),
      seconds: totalSeconds(ran, now),
      completed: isDone,
      look: isDone ? 'run' : 'none',
    });
  }
  const last = step.ran.slice(-1);
  for (const { short } of step.warnings) {
    const name = `WARN: ${printable(Buffer.from(short).toString())}`;
    rows.push({ name, status: '', seconds: totalSeconds(last, now), completed: false, look: 'none' });
  }
  return rows;
}

function lookOf(step: Step): { look: FrameLine['look']; prefix: string } {
  const cached = step.cached ? 'CACHED ' : '';
  if (isCanceled(step)) return { look: 'cancel', prefix: `${cached}CANCELED ` };
  return step.error === '' ? { look: 'run', prefix: cached } : { look: 'error', prefix: `${cached}ERROR ` };
}

/** Names come from files and daemons: they must not steer the terminal. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return withoutFormatting(text.toWellFormed().replace(/[\0-\u001f\u007f-\u009f]/g, ' '));
}

/** The running steps whose output is shown: those that write most, as long as there is room. */
function chooseTails(rows: readonly Row[], options: FrameOptions): Map<Step, readonly string[]> {
  const { height, logLines, screens, timesShown } = options;
  const lines = tailHeight(height, logLines);
  const running = rows.filter((row) => !row.completed);
  const candidates = running
    .flatMap(({ step }) => {
      const screen = step && screens.get(step);
      return step && screen ? [{ step, screen, weight: screen.written + (timesShown.get(step) ?? 0) * 50 }] : [];
    })
    .sort((a, b) => b.weight - a.weight);
  const chosen = new Map<Step, readonly string[]>();
  let free = height - 2 - running.length;
  for (const { step, screen } of candidates) {
    if (free <= lines + tailOverhead) break;
    screen.resize(options.width - tailMargin, lines);
    chosen.set(step, screen.lines);
    timesShown.set(step, (timesShown.get(step) ?? 0) + 1);
    free -= lines + tailOverhead;
  }
  return chosen;
}

/** The last rows that fit; running ones that would be cut take the place of completed ones. */
function fitHeight(rows: readonly Row[], limit: number): readonly Row[] {
  if (limit <= 0) return [];
  if (rows.length <= limit) return rows;
  const cut = rows.slice(0, -limit).filter((row) => !row.completed);
  const kept = rows.slice(-limit).filter((row, i) => !row.completed || i >= cut.length);
  return [...cut.slice(cut.length - (limit - kept.length)), ...kept];
}

function rowText(row: Row, width: number): string | undefined {
  const timer = ` ${fixed(row.seconds < 0.05 ? 0 : row.seconds, 1).padStart(3)}s`;
  const start = ' => ';
  let room = width - start.length - timer.length - 2;
  const status = row.status !== '' && room + row.status.length > 20 ? ` ${row.status}` : '';
  room -= status.length;
  if (room < minNameWidth) return undefined;
  return align(start + cutToWidth(row.name, room) + status, timer, width - 1);
}

/** `left` and `right` at the ends of `width` columns, at least one space between them. */
function align(left: string, right: string, width: number): string {
  const gap = width - right.length - 1 - textWidth(left);
  return `${left}${' '.repeat(Math.max(gap, 0))} ${right}`;
}
