// Colours of steps. Matches util/progress/progressui/colors.go of BuildKit: `BUILDKIT_COLORS=run=green:error=255,0,0`.
import { Chalk, type ChalkInstance } from 'chalk';
import { csvFields } from '../../base/csv-fields.ts';
import { messageOf } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';

export type Paint = (text: string) => string;

/** How a line is painted by what became of its step. */
export interface StepColors {
  readonly run: Paint;
  readonly cancel: Paint;
  readonly error: Paint;
  readonly tail: Paint;
}

/** Is told what is wrong with the variable; the reason, when there is one beside it. */
type Warn = (message: string, reason?: string) => void;

const names = ['black', 'blue', 'cyan', 'green', 'magenta', 'red', 'white', 'yellow'] as const;
const chalk: ChalkInstance = new Chalk({ level: 2 });

/** Colours from `NO_COLOR` and `BUILDKIT_COLORS`; `warn` gets a line for each entry that makes no sense and is left out. */
export function readColors(
  env: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void = () => undefined,
): StepColors {
  if (env['NO_COLOR']) return { run: plain, cancel: plain, error: plain, tail: chalk.dim };
  const wanted = readEntries(env['BUILDKIT_COLORS'], (message, reason) => warn(warningLine(message, reason)));
  return {
    run: wanted.get('run') ?? (process.platform === 'win32' ? chalk.cyan : chalk.blue),
    cancel: wanted.get('cancel') ?? chalk.yellow,
    error: wanted.get('error') ?? chalk.red,
    tail: chalk.dim,
  };
}

function readEntries(text: string | undefined, warn: Warn): ReadonlyMap<string, Paint> {
  const wanted = new Map<string, Paint>();
  for (const entry of text === undefined ? [] : splitEntries(text, warn)) {
    const [key = '', value, extra] = entry.split('=');
    if (value === undefined || extra !== undefined) {
      warn(`Could not parse BUILDKIT_COLORS component: ${entry}`, 'valid entry must have exactly two fields');
      continue;
    }
    const paint = readColor(key.toLowerCase(), value, warn);
    if (paint === undefined) continue;
    if (['run', 'cancel', 'error', 'warning'].includes(key.toLowerCase())) wanted.set(key.toLowerCase(), paint);
    else warn(`Unknown key found in BUILDKIT_COLORS (expected: run, cancel, error, or warning): ${key.toLowerCase()}`);
  }
  return wanted;
}

function splitEntries(text: string, warn: Warn): readonly string[] {
  try {
    return csvFields(text, ':');
  } catch (error) {
    warn('could not parse BUILDKIT_COLORS. Falling back to defaults.', messageOf(error));
    return [];
  }
}

function readColor(key: string, value: string, warn: Warn): Paint | undefined {
  const lower = value.toLowerCase();
  if (lower === 'default') return plain;
  const name = names.find((known) => known === lower.replace(/^light-/, ''));
  if (name !== undefined) return lower.startsWith('light-') ? chalk[`${name}Bright`] : chalk[name];
  if (value.includes(',')) return readRgb(value, warn);
  warn(
    `Unknown color value found in BUILDKIT_COLORS: ${key}=${value}`,
    'colors must be a name from the pre-defined list or a valid 3-part RGB value',
  );
  return undefined;
}

/** The nearest of the 216 colours of a 256-colour terminal. */
function readRgb(value: string, warn: Warn): Paint | undefined {
  let fields: readonly string[];
  try {
    fields = csvFields(value);
  } catch (error) {
    warn(`Could not parse value ${value} as valid comma-separated RGB color. Ignoring.`, messageOf(error));
    return undefined;
  }
  if (fields.length !== 3) {
    warn(`Could not parse value ${value} as valid RGB color. Ignoring.`, 'valid RGB color must have three fields');
    return undefined;
  }
  const wrong = fields.find((field) => !isByte(field));
  if (wrong !== undefined) {
    const what = isInteger(wrong) ? 'within the valid range of 0-255' : 'an integer';
    warn(`A field in BUILDKIT_COLORS appears to contain an RGB value that is not ${what}: ${fields.join(',')}`);
    return undefined;
  }
  const [red = 0, green = 0, blue = 0] = fields.map((field) => Math.floor(Number(field) / 43));
  return chalk.ansi256(16 + 36 * red + 6 * green + blue);
}

function isInteger(text: string): boolean {
  return /^[+-]?\d{1,18}$/.test(text);
}

function isByte(text: string): boolean {
  return isInteger(text) && Number(text) >= 0 && Number(text) <= 255;
}

function plain(text: string): string {
  return text;
}

/** As Go's logger writes to a terminal when the program starts. */
function warningLine(message: string, reason: string | undefined): string {
  const quoted = reason === undefined || /^[\w./-]+$/.test(reason) ? reason : goQuote(reason);
  const field = quoted === undefined ? '' : ` ${chalk.yellow('error')}=${quoted}`;
  return `${chalk.yellow('WARN')}[0000] ${message.padEnd(44)} ${field}\n`;
}
