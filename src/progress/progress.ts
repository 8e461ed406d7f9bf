import type { Writable } from 'node:stream';
import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import type { SolveStatus, UnixNano, VertexWarning } from '../buildkit/control/index.ts';
import { GroupedRenderer } from './grouped/renderer.ts';
import { chooseFold } from './grouped/sections.ts';
import { ProgressOutput } from './output.ts';
import { PlainRenderer } from './plain.ts';
import { QuietRenderer } from './quiet.ts';
import { RawJsonRenderer } from './rawjson.ts';
import type { Renderer } from './renderer.ts';
import { readColors } from './tty/colors.ts';
import { TtyRenderer } from './tty/renderer.ts';
import { distinctWarnings, warningList } from './warnings.ts';

/**
 * `auto` is `tty` on a terminal, else `plain`. `quiet` and `none` show nothing; they differ for the command line, which
 * prints the image's id with `quiet`. `grouped` shows each step as a whole when it has ended, in the Dockerfile's order.
 */
export type ProgressMode = 'auto' | 'plain' | 'tty' | 'rawjson' | 'quiet' | 'none' | 'grouped';

export interface ProgressOptions {
  /** Where progress goes: standard error. A terminal is known by its `isTTY`, `columns` and `rows`. */
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  /** Who builds; shown in the first line. */
  readonly builder?: { readonly name: string; readonly driver: string } | undefined;
  /** List warnings at the end. Default true. */
  readonly listsWarnings?: boolean | undefined;
  /** Expand warnings. Default false. */
  readonly debug?: boolean | undefined;
  /** `NO_COLOR`, `BUILDKIT_COLORS`, `BUILDKIT_TTY_LOG_LINES`, `TTY_DISPLAY_RATE`, `PROGRESS_NO_TRUNC`, `TERM`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** First word of the terminal's title line. Default `Building`. */
  readonly phase?: string | undefined;
  /** The time. Default: the system's clock. */
  readonly clock?: (() => UnixNano) | undefined;
}

/** Shows a build while it runs. */
export interface Progress extends AsyncDisposable {
  /** Shows one packet. Gives a promise while the reader of the output is behind: wait for it to keep memory bounded. */
  write(status: SolveStatus): Promise<void> | undefined;
  /** A line for people that belongs to no step; it is shown when the progress has ended. */
  message(line: string): void;
  /** Ends the progress: last state, logs of failed steps, warnings. Gives the distinct warnings. Once is enough. */
  done(): Promise<readonly VertexWarning[]>;
}

/** What `auto` means for this output. Throws INVALID_ARGUMENT for `tty` without a terminal. */
export function chooseProgressMode(
  mode: ProgressMode,
  { output, env = {} }: Pick<ProgressOptions, 'output' | 'env'>,
): Exclude<ProgressMode, 'auto'> {
  if (mode === 'auto') return canDraw(output, env) ? 'tty' : 'plain';
  if (mode === 'tty' && output.isTTY !== true) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'failed to get console: provided file is not a console');
  }
  return mode;
}

/** Starts to show a build. Throws INVALID_ARGUMENT for `tty` without a terminal. */
export function createProgress(mode: ProgressMode, options: ProgressOptions): Progress {
  const env = options.env ?? {};
  const shown = chooseProgressMode(mode, options);
  const rate = displayRate(env['TTY_DISPLAY_RATE']);
  const clock = options.clock ?? systemClock;
  const output = new ProgressOutput(options.output);
  const renderer = createRenderer(shown, options, rate.intervalMs, (line) => void output.write(line));
  const isForPeople = shown === 'plain' || shown === 'tty' || shown === 'grouped';
  const hasWarningList = isForPeople && options.listsWarnings !== false;
  const warnings: VertexWarning[] = [];
  const messages: string[] = [];
  const refresh = (): void => {
    if (!output.isBehind) void output.write(renderer.refresh(clock()));
  };
  const timer = isForPeople ? setInterval(refresh, rate.refreshMs).unref() : undefined;
  let ended: Promise<readonly VertexWarning[]> | undefined;

  async function end(): Promise<readonly VertexWarning[]> {
    clearInterval(timer);
    const distinct = distinctWarnings(warnings);
    const list = hasWarningList
      ? warningList(distinct, { expanded: options.debug === true, colored: !env['NO_COLOR'] })
      : '';
    void output.write(renderer.end(clock()) + messages.map((line) => `${line}\n`).join('') + list);
    await output.flushed();
    return distinct;
  }

  return {
    write(status) {
      if (ended !== undefined) return undefined;
      warnings.push(...status.warnings);
      timer?.refresh();
      return output.write(renderer.update(status, clock()));
    },
    message: (line) => void messages.push(line),
    done: () => (ended ??= end()),
    async [Symbol.asyncDispose]() {
      await (ended ??= end());
    },
  };
}

function createRenderer(
  mode: Exclude<ProgressMode, 'auto'>,
  options: ProgressOptions,
  intervalMs: number,
  warn: (line: string) => void,
): Renderer {
  const { builder, output, env = {} } = options;
  const description = builder ? `building with ${goQuote(builder.name)} instance using ${builder.driver} driver` : '';
  const terminal = () => ({
    phase: options.phase ?? 'Building',
    description: builder ? `${builder.driver}:${builder.name}` : '',
    size: () => ({ width: output.columns ?? 0, height: output.rows ?? 0 }),
    colors: readColors(env, warn),
    logLines: positive(env['BUILDKIT_TTY_LOG_LINES']) ?? 6,
  });
  switch (mode) {
    case 'plain':
      return new PlainRenderer({
        description,
        intervalMs,
        truncateNames: env['PROGRESS_NO_TRUNC'] === '0',
      });
    case 'tty':
      return new TtyRenderer({ ...terminal(), intervalMs });
    case 'grouped': {
      const isLive = canDraw(output, env);
      return new GroupedRenderer({
        description,
        intervalMs,
        fold: isLive ? undefined : chooseFold(env),
        terminal: isLive ? terminal() : undefined,
      });
    }
    case 'rawjson':
      return new RawJsonRenderer();
    case 'quiet':
    case 'none':
      return new QuietRenderer();
    default:
      throw new TsbuildxError('INVALID_ARGUMENT', `invalid progress mode ${String(mode satisfies never)}`);
  }
}

/** Whether the output is a terminal that can move its cursor. */
function canDraw(output: ProgressOptions['output'], env: NonNullable<ProgressOptions['env']>): boolean {
  return output.isTTY === true && env['TERM'] !== 'dumb';
}

/** Between two outputs while events come, and between refreshes without any. */
function displayRate(text: string | undefined): { intervalMs: number; refreshMs: number } {
  const rate = text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  return { intervalMs: rate ?? 100, refreshMs: Math.max(rate ?? 150, 1) };
}

function positive(text: string | undefined): number | undefined {
  return text !== undefined && /^\+?\d+$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}

function systemClock(): UnixNano {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1000n;
}
