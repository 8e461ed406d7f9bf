// Matches doPrintf of Go's fmt/print.go: the same grammar, the same complaints in the output.
import type { GoValue } from '../values/go-value.ts';
import { type Flags, PLAIN } from './flags.ts';
import { formatArgument } from './verb.ts';

type Values = readonly (GoValue | undefined)[];

/** Widths and precisions beyond this are errors. */
const MAX_NUMBER = 1_000_000;
const MARKS: ReadonlyMap<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'> = new Map([
  ['#', 'sharp'],
  ['0', 'zero'],
  ['+', 'plus'],
  ['-', 'minus'],
  [' ', 'space'],
]);

export function formatted(format: string, values: Values): string {
  return new Formatter(format, values).run();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Formatter {
  readonly #format: string;
  readonly #values: Values;
  #at = 0;
  #argument = 0;
  #reordered = false;
  #goodIndex = true;
  #afterIndex = false;
  #out = '';

  constructor(format: string, values: Values) {
    this.#format = format;
    this.#values = values;
  }

  run(): string {
    while (this.#at < this.#format.length) {
      const found = this.#format.indexOf('%', this.#at);
      const end = found < 0 ? this.#format.length : found;
      this.#out += this.#format.slice(this.#at, end);
      this.#at = end + 1;
      if (found >= 0) this.#directive();
    }
    if (!this.#reordered && this.#argument < this.#values.length) this.#out += this.#extra();
    return this.#out;
  }

  #directive(): void {
    const flags: Mutable<Flags> = { ...PLAIN };
    this.#goodIndex = true;
    this.#afterIndex = false;
    for (let mark = this.#mark(); mark !== undefined; mark = this.#mark()) flags[mark] = true;
    const char = this.#format[this.#at] ?? '';
    if (char < 'a' || char > 'z' || this.#argument >= this.#values.length) this.#readNumbers(flags);
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) {
      this.#out += '%!(NOVERB)';
      return;
    }
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    this.#out += this.#verb(verb, flags);
  }

  #mark(): 'sharp' | 'zero' | 'plus' | 'minus' | 'space' | undefined {
    const mark = MARKS.get(this.#format[this.#at] ?? '');
    if (mark !== undefined) this.#at++;
    return mark;
  }

  #verb(verb: string, flags: Flags): string {
    if (verb === '%') return '%';
    if (!this.#goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.#argument >= this.#values.length) return `%!${verb}(MISSING)`;
    const value = this.#values[this.#argument++];
    if (verb !== 'v' && verb !== 'w') return formatArgument(value, verb, flags);
    const { sharp: asSource, plus: named } = flags;
    return formatArgument(value, verb, { ...flags, sharp: false, plus: false, asSource, named });
  }

  /** Width and precision, each a number or an argument, and the indexes before them. */
  #readNumbers(flags: Mutable<Flags>): void {
    this.#readIndex();
    if (this.#format[this.#at] === '*') {
      this.#at++;
      const width = this.#takeInteger();
      if (width === undefined) this.#out += '%!(BADWIDTH)';
      flags.width = width === undefined ? undefined : Math.abs(width);
      if ((width ?? 0) < 0) {
        flags.minus = true;
        flags.zero = false;
      }
      this.#afterIndex = false;
    } else {
      flags.width = this.#readDigits();
      if (this.#afterIndex && flags.width !== undefined) this.#goodIndex = false;
    }
    if (this.#format[this.#at] === '.' && this.#at + 1 < this.#format.length) this.#readPrecision(flags);
    if (!this.#afterIndex) this.#readIndex();
  }

  #readPrecision(flags: Mutable<Flags>): void {
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#readIndex();
    if (this.#format[this.#at] !== '*') {
      flags.precision = this.#readDigits() ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#takeInteger();
    flags.precision = precision === undefined || precision < 0 ? undefined : precision;
    if (flags.precision === undefined) this.#out += '%!(BADPREC)';
    this.#afterIndex = false;
  }

  #readDigits(): number | undefined {
    const digits = /[0-9]*/y;
    digits.lastIndex = this.#at;
    const text = digits.exec(this.#format)?.[0] ?? '';
    if (text === '') return undefined;
    this.#at += text.length;
    if (Number(text) <= MAX_NUMBER) return Number(text);
    this.#at = this.#format.length;
    return undefined;
  }

  /** `[2]`: the argument that comes next. */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== '[') return;
    this.#reordered = true;
    const close = this.#format.indexOf(']', this.#at);
    const text = close < 0 ? '' : this.#format.slice(this.#at + 1, close);
    const index = /^[0-9]+$/.test(text) && Number(text) <= MAX_NUMBER ? Number(text) - 1 : undefined;
    this.#at = close < 0 ? this.#at + 1 : close + 1;
    this.#afterIndex = index !== undefined;
    if (index !== undefined && index >= 0 && index < this.#values.length) this.#argument = index;
    else this.#goodIndex = false;
  }

  #takeInteger(): number | undefined {
    if (this.#argument >= this.#values.length) return undefined;
    const value = this.#values[this.#argument++];
    if (value?.kind !== 'int' && value?.kind !== 'uint') return undefined;
    const number = Number(value.value);
    return Math.abs(number) > MAX_NUMBER ? undefined : number;
  }

  #extra(): string {
    const rest = this.#values
      .slice(this.#argument)
      .map((value) => (value === undefined ? '<nil>' : `${value.type.name}=${formatArgument(value, 'v', PLAIN)}`));
    return `%!(EXTRA ${rest.join(', ')})`;
  }
}
