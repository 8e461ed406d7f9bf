// Colours of steps. `BUILDKIT_COLORS` is read as BuildKit does: `run=green:error=255,0,0`, names or three numbers.
import { Chalk, type ChalkInstance } from 'chalk';

export type Paint = (text: string) => string;

/** How a line is painted by what became of its step. */
export interface StepColors {
  readonly run: Paint;
  readonly cancel: Paint;
  readonly error: Paint;
  readonly tail: Paint;
}

const names = ['black', 'blue', 'cyan', 'green', 'magenta', 'red', 'white', 'yellow'] as const;

/** Colours from `NO_COLOR` and `BUILDKIT_COLORS`; what cannot be read there is left as it is by default. */
export function readColors(env: Readonly<Record<string, string | undefined>>): StepColors {
  const chalk = new Chalk({ level: 2 });
  if (env['NO_COLOR']) return { run: plain, cancel: plain, error: plain, tail: chalk.dim };
  const wanted = new Map((env['BUILDKIT_COLORS'] ?? '').split(':').map(splitEntry));
  const paint = (key: string, fallback: Paint): Paint => namedPaint(chalk, wanted.get(key)) ?? fallback;
  return {
    run: paint('run', process.platform === 'win32' ? chalk.cyan : chalk.blue),
    cancel: paint('cancel', chalk.yellow),
    error: paint('error', chalk.red),
    tail: chalk.dim,
  };
}

function plain(text: string): string {
  return text;
}

function splitEntry(entry: string): [key: string, value: string] {
  const [key = '', value = '', extra] = entry.replace(/^"(.*)"$/, '$1').split('=');
  return [key.toLowerCase(), extra === undefined ? value.toLowerCase() : ''];
}

function namedPaint(chalk: ChalkInstance, value: string | undefined): Paint | undefined {
  if (value === undefined) return undefined;
  if (value === 'default') return plain;
  const light = value.startsWith('light-');
  const name = names.find((known) => known === value.replace(/^light-/, ''));
  if (name !== undefined) return light ? chalk[`${name}Bright`] : chalk[name];
  return rgbPaint(chalk, value);
}

/** The nearest of the 216 colours of a 256-colour terminal. */
function rgbPaint(chalk: ChalkInstance, value: string): Paint | undefined {
  const parts = value.split(',').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : -1));
  if (parts.length !== 3 || parts.some((part) => part < 0 || part > 255)) return undefined;
  const [red = 0, green = 0, blue = 0] = parts.map((part) => Math.floor(part / 43));
  return chalk.ansi256(16 + 36 * red + 6 * green + blue);
}
