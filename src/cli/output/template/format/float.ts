// Matches Go's strconv.FormatFloat and the floats of fmt/format.go.
import { type Decimal, parts, roundedDecimal, shortestDecimal } from './decimal.ts';
import { type Flags, pad } from './flags.ts';

/** Undefined for a verb that floats do not have. */
export function formatFloat(value: number, verb: string, flags: Flags): string | undefined {
  const style = verb === 'v' ? 'g' : verb === 'F' ? 'f' : verb;
  if (!'bgGxXfeE'.includes(style)) return undefined;
  const { plus, space, width = 0 } = flags;
  const precision = flags.precision ?? ('feE'.includes(style) ? 6 : undefined);
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = isNegative ? '-' : plus ? '+' : space ? ' ' : '';
  if (Number.isNaN(value)) return pad(`${plus ? '+' : space ? ' ' : ''}NaN`, { ...flags, zero: false });
  if (!Number.isFinite(value)) return pad(`${sign || '+'}Inf`, { ...flags, zero: false });
  const plain = magnitude(Math.abs(value), style, precision);
  const digits = flags.sharp && style !== 'b' ? withAllDigits(plain, style, precision) : plain;
  if (sign !== '' && flags.zero && !flags.minus && width > digits.length + 1) {
    return sign + digits.padStart(width - 1, '0');
  }
  return pad(sign + digits, flags);
}

function magnitude(value: number, style: string, precision: number | undefined): string {
  switch (style) {
    case 'b': {
      const { mantissa, exponent } = parts(value);
      return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
    }
    case 'x':
      return hexadecimal(value, precision);
    case 'X':
      return hexadecimal(value, precision).toUpperCase();
    case 'f': {
      const decimal = precision === undefined ? shortestDecimal(value) : roundedDecimal(value, (at) => at + precision);
      return fixedText(decimal, precision ?? Math.max(decimal.digits.length - decimal.point, 0));
    }
    case 'e':
    case 'E': {
      const decimal = precision === undefined ? shortestDecimal(value) : roundedDecimal(value, () => precision + 1);
      return exponentText(decimal, precision ?? Math.max(decimal.digits.length - 1, 0), style);
    }
    default:
      return generalText(value, style === 'G' ? 'E' : 'e', precision);
  }
}

/** Powers of ten from which on the shortest form has an exponent. */
const SHORTEST_LIMIT = 6;
const LEAST_POWER = -4;

function generalText(value: number, letter: string, wanted: number | undefined): string {
  const precision = wanted === 0 ? 1 : wanted;
  const decimal = precision === undefined ? shortestDecimal(value) : roundedDecimal(value, () => precision);
  const count = decimal.digits.length;
  const limit =
    precision === undefined ? SHORTEST_LIMIT : precision > count && count >= decimal.point ? count : precision;
  const power = decimal.point - 1;
  if (power < LEAST_POWER || power >= limit) {
    return exponentText(decimal, Math.max(Math.min(precision ?? count, count) - 1, 0), letter);
  }
  return fixedText(decimal, Math.max(count - decimal.point, 0));
}

function fixedText({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision === 0) return whole;
  const fraction = point > 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, precision)) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

function exponentText({ digits, point }: Decimal, precision: number, letter: string): string {
  const power = digits === '' ? 0 : point - 1;
  const fraction = precision === 0 ? '' : `.${digits.slice(1, precision + 1).padEnd(precision, '0')}`;
  return `${digits[0] ?? '0'}${fraction}${letter}${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function hexadecimal(value: number, precision: number | undefined): string {
  let { mantissa, exponent } = parts(value);
  if (mantissa === 0n) return `0x0${precision ? `.${'0'.repeat(precision)}` : ''}p+00`;
  const shift = 61 - mantissa.toString(2).length;
  mantissa <<= BigInt(shift);
  exponent += 60 - shift;
  if (precision !== undefined && precision < 15) {
    const cut = BigInt(60 - precision * 4);
    const extra = mantissa & ((1n << cut) - 1n);
    mantissa >>= cut;
    const half = 1n << (cut - 1n);
    if (extra > half || (extra === half && (mantissa & 1n) === 1n)) mantissa += 1n;
    mantissa <<= cut;
    if (mantissa >> 61n !== 0n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const fraction = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0');
  const shown =
    precision === undefined ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0').slice(0, precision);
  const power = `p${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `0x1${shown === '' ? '' : `.${shown}`}${power}`;
}

/** `#` keeps the decimal point, and the zeros that `g` drops. */
function withAllDigits(text: string, style: string, precision: number | undefined): string {
  const isHex = style === 'x' || style === 'X';
  const at = text.search(isHex ? /[pP]/ : /[eE]/);
  const head = at < 0 ? text : text.slice(0, at);
  const tail = at < 0 ? '' : text.slice(at);
  const wanted = 'gGx'.includes(style) ? (precision ?? 6) : 0;
  const isZero = head === '0';
  const significant = head.replace('.', '').replace(/^0+/, '').length + (isZero ? 1 : 0);
  const dotted = head.includes('.') ? head : `${head}.`;
  return dotted + '0'.repeat(Math.max(0, wanted - significant)) + tail;
}
