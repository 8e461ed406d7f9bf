// Matches the integers of Go's fmt/format.go.
import { quoteCharacter } from './quote.ts';
import { type Flags, pad } from './flags.ts';
import { isPrintable } from '../../../../base/go-unicode.ts';

const BASES: ReadonlyMap<string, number> = new Map([
  ['v', 10],
  ['d', 10],
  ['b', 2],
  ['o', 8],
  ['O', 8],
  ['x', 16],
  ['X', 16],
]);
const MAX_RUNE = 0x10ffffn;
/** Of 32 bits, as a character is kept. */
const RUNE_BITS = 32;

/** Undefined for a verb that integers do not have. */
export function formatInteger(value: bigint, verb: string, flags: Flags): string | undefined {
  const base = BASES.get(verb);
  if (base !== undefined) return inBase(value, base, verb, flags);
  if (verb === 'U') return pad(unicodeText(value, flags), { ...flags, zero: false });
  if (verb !== 'c' && verb !== 'q') return undefined;
  const unsigned = BigInt.asUintN(64, value);
  const rune = unsigned > MAX_RUNE ? 0xfffd : Number(BigInt.asIntN(RUNE_BITS, value));
  if (verb === 'q') return pad(quoteCharacter(rune, flags), flags);
  return pad(String.fromCodePoint(rune >= 0xd800 && rune <= 0xdfff ? 0xfffd : rune), flags);
}

/** `%#v` shows unsigned ones in hexadecimal digits. */
export function unsignedSource(value: bigint, flags: Flags): string {
  return inBase(value, 16, 'v', { ...flags, sharp: true });
}

function inBase(value: bigint, base: number, verb: string, flags: Flags): string {
  const { precision, width = 0, plus, space, sharp } = flags;
  const noZeros = { ...flags, zero: false };
  if (precision === 0 && value === 0n) return pad('', noZeros);
  const isNegative = value < 0n;
  const sign = isNegative ? '-' : plus ? '+' : space ? ' ' : '';
  let digits = (isNegative ? -value : value).toString(base);
  if (verb === 'X') digits = digits.toUpperCase();
  const least = precision ?? (flags.zero && !flags.minus ? width - sign.length : 0);
  digits = digits.padStart(least, '0');
  return pad(sign + (verb === 'O' ? '0o' : '') + prefixed(digits, base, verb, sharp), noZeros);
}

function prefixed(digits: string, base: number, verb: string, sharp: boolean): string {
  if (!sharp || base === 10) return digits;
  if (base === 2) return `0b${digits}`;
  if (base === 8) return digits.startsWith('0') ? digits : `0${digits}`;
  return `${verb === 'X' ? '0X' : '0x'}${digits}`;
}

function unicodeText(value: bigint, { precision = 0, sharp }: Flags): string {
  const unsigned = BigInt.asUintN(64, value);
  const code = `U+${unsigned.toString(16).toUpperCase().padStart(Math.max(4, precision), '0')}`;
  if (!sharp || unsigned > MAX_RUNE) return code;
  const char = String.fromCodePoint(Number(unsigned));
  return isPrintable(char) ? `${code} '${char}'` : code;
}
