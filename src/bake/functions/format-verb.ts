// Matches formatAppend of function/stdlib/format.go of go-cty, and Format of Go's big.Int and big.Float, which it calls.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  type BigFloat,
  boolType,
  convertValue,
  formatNumber,
  numberType,
  stringType,
  stringValue,
  type Type,
  type Value,
  valueToJson,
} from '../cty/index.ts';
import { graphemes } from './graphemes.ts';
import { checkTextLength } from './limits.ts';

/** `%`, flags, width, precision, argument number, letter. */
export interface Verb {
  /** As written. */
  readonly raw: string;
  /** The text before it, whose bytes errors count. */
  readonly before: string;
  /** From 1. */
  readonly argument: number;
  readonly mode: string;
  readonly flags: ReadonlySet<string>;
  readonly width?: number;
  readonly precision?: number;
}

/** The text of one verb. Throws INVALID_ARGUMENT. */
export function formatVerb(verb: Verb, args: readonly Value[]): string {
  const value = args[verb.argument - 1];
  if (value === undefined) {
    const why = `need index ${verb.argument} but have ${args.length} total`;
    throw failure(`not enough arguments for ${placeOf(verb)}: ${why}`);
  }
  checkTextLength(Math.max(verb.width ?? 0, verb.precision ?? 0));
  if (verb.mode !== 'v' && value.isNull) throw unsupported(verb, 'null value cannot be formatted');
  switch (verb.mode) {
    case 'v':
      return padded(verb, asItIs(verb, value));
    case 't':
      return String(converted(verb, value, boolType).asBool());
    case 's':
    case 'q':
      return formatString(verb, converted(verb, value, stringType).asString());
    case 'b':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
      return formatInteger(verb, converted(verb, value, numberType).asNumber());
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      return formatFloat(verb, converted(verb, value, numberType).asNumber());
    default:
      throw failure(
        `unsupported format verb '${verb.mode}' in ${goQuote(verb.raw)} at offset ${Buffer.byteLength(verb.before)}`,
      );
  }
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

function placeOf({ raw, before }: Verb): string {
  return `${goQuote(raw)} at ${Buffer.byteLength(before)}`;
}

function unsupported(verb: Verb, why: string): TsbuildxError {
  return failure(`unsupported value for ${placeOf(verb)}: ${why}`);
}

/** Runs what may refuse the value. */
function guarded<T>(verb: Verb, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof TsbuildxError ? unsupported(verb, messageOf(error)) : error;
  }
}

function converted(verb: Verb, value: Value, type: Type): Value {
  return guarded(verb, () => convertValue(value, type));
}

function asItIs(verb: Verb, value: Value): string {
  if (!verb.flags.has('#') && !value.isNull) {
    if (value.type.kind === 'string') return value.asString();
    if (value.type.kind === 'number') return guarded(verb, () => formatNumber(value.asNumber(), 'g'));
  }
  return guarded(verb, () => valueToJson(value));
}

function formatString(verb: Verb, text: string): string {
  const { precision = 0 } = verb;
  const shown = precision > 0 ? graphemes(text).slice(0, precision).join('') : text;
  return padded(verb, verb.mode === 'q' ? valueToJson(stringValue(shown)) : shown);
}

/** To the width in characters as a reader sees them. */
function padded(verb: Verb, text: string): string {
  const missing = verb.width === undefined ? 0 : verb.width - graphemes(text).length;
  if (missing <= 0) return text;
  const padding = (verb.flags.has('0') ? '0' : ' ').repeat(missing);
  return verb.flags.has('-') ? text + padding : padding + text;
}

const bases: Readonly<Record<string, number>> = { b: 2, d: 10, o: 8, x: 16, X: 16 };
const prefixes: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

function formatInteger(verb: Verb, number: BigFloat): string {
  const { mode, flags, width = 0, precision } = verb;
  const integer = number.isInteger ? guarded(verb, () => number.toBigInt()) : undefined;
  if (integer === undefined) throw unsupported(verb, 'an integer is required');
  if (integer === 0n && precision === 0) return '';
  const digits = (integer < 0n ? -integer : integer).toString(bases[mode] ?? 10).padStart(precision ?? 0, '0');
  const prefix = signOf(verb, integer < 0n) + (flags.has('#') ? (prefixes[mode] ?? '') : '');
  const shown = mode === 'X' ? digits.toUpperCase() : digits;
  if (flags.has('-')) return (prefix + shown).padEnd(width);
  if (flags.has('0') && precision === undefined) return prefix + shown.padStart(width - prefix.length, '0');
  return (prefix + shown).padStart(width);
}

function signOf({ flags }: Verb, isNegative: boolean): string {
  if (isNegative) return '-';
  if (flags.has('+')) return '+';
  return flags.has(' ') ? ' ' : '';
}

function formatFloat(verb: Verb, number: BigFloat): string {
  const { mode, flags, width = 0 } = verb;
  const precision = verb.precision ?? (mode === 'g' || mode === 'G' ? undefined : 6);
  const text = guarded(verb, () => formatNumber(number.absolute(), styleOf(mode), precision));
  // Infinities come with a sign of their own.
  const digits = number.isInfinite ? text.slice(1) : mode === 'E' || mode === 'G' ? text.toUpperCase() : text;
  const ownSign = number.isInfinite && !flags.has(' ') ? '+' : '';
  const sign = signOf(verb, number.isNegative) || ownSign;
  if (flags.has('0') && !flags.has('-') && !number.isInfinite) return sign + digits.padStart(width - sign.length, '0');
  return flags.has('-') ? (sign + digits).padEnd(width) : (sign + digits).padStart(width);
}

function styleOf(mode: string): 'e' | 'f' | 'g' {
  const style = mode.toLowerCase();
  return style === 'e' || style === 'f' ? style : 'g';
}
