// Matches Go's big.Float.Text: the shortest digits that read back as the same number, or as many as asked for.
import { type BigFloat, bitLength, MAX_WRITTEN_BITS, tooLarge, trailingZeros } from './big-float.ts';

/** Digits without zeros at the end, read as `0.digits × 10^point`. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/**
 * `e`: exponent form; `f`: no exponent; `g`: `e` for large and small exponents, else `f`.
 * Without a precision the shortest digits that identify the number.
 * Throws INVALID_ARGUMENT for numbers of more than some 300,000 digits.
 */
export function formatNumber(x: BigFloat, style: 'e' | 'f' | 'g' = 'f', precision?: number): string {
  const sign = x.isNegative ? '-' : '';
  if (x.isInfinite) return `${sign || '+'}Inf`;
  if (precision !== undefined && precision > MAX_WRITTEN_BITS) throw tooLarge();
  const exact = x.isZero ? { digits: '', point: 0 } : exactDecimal(x.mantissa, x.exponent);
  if (precision === undefined) return sign + formatShortest(x.isZero ? exact : shortest(exact, x), style);
  return sign + formatRounded(exact, style, precision);
}

function formatShortest(d: Decimal, style: 'e' | 'f' | 'g'): string {
  const length = d.digits.length;
  if (style === 'e') return exponentForm(d, length - 1);
  if (style === 'f') return pointForm(d, Math.max(length - d.point, 0));
  return generalForm(d, length, 6);
}

function formatRounded(exact: Decimal, style: 'e' | 'f' | 'g', precision: number): string {
  if (style === 'e') return exponentForm(round(exact, 1 + precision), precision);
  if (style === 'f') return pointForm(round(exact, exact.point + precision), precision);
  const wanted = precision === 0 ? 1 : precision;
  const d = round(exact, wanted);
  const length = d.digits.length;
  return generalForm(d, wanted, wanted > length && length >= d.point ? length : wanted);
}

function generalForm(d: Decimal, precision: number, exponentLimit: number): string {
  const exponent = d.point - 1;
  const length = d.digits.length;
  if (exponent < -4 || exponent >= exponentLimit) return exponentForm(d, Math.min(precision, length) - 1);
  return pointForm(d, Math.max((precision > d.point ? length : precision) - d.point, 0));
}

function exponentForm(d: Decimal, precision: number): string {
  const first = d.digits.charAt(0) || '0';
  const rest = precision > 0 ? `.${d.digits.slice(1, precision + 1).padEnd(precision, '0')}` : '';
  const exponent = d.digits === '' ? 0 : d.point - 1;
  return `${first}${rest}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function pointForm(d: Decimal, precision: number): string {
  const integer = d.point > 0 ? d.digits.slice(0, d.point).padEnd(d.point, '0') : '0';
  if (precision <= 0) return integer;
  const fraction = d.point >= 0 ? d.digits.slice(d.point) : '0'.repeat(Math.min(-d.point, precision)) + d.digits;
  return `${integer}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

function exactDecimal(mantissa: bigint, exponent: number): Decimal {
  if (Math.abs(exponent) > MAX_WRITTEN_BITS) throw tooLarge();
  if (exponent >= 0) {
    const digits = String(mantissa << BigInt(exponent));
    return { digits: trimZeros(digits), point: digits.length };
  }
  const spare = Math.min(trailingZeros(mantissa), -exponent);
  const places = -exponent - spare;
  const digits = String((mantissa >> BigInt(spare)) * 5n ** BigInt(places));
  return { digits: trimZeros(digits), point: digits.length - places };
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}

/** The fewest digits within half a unit of the last bit. */
function shortest(exact: Decimal, x: BigFloat): Decimal {
  // All digits of a whole number that fits the precision are needed.
  if (x.exponent >= 0 && x.exponent + bitLength(x.mantissa) <= x.precision) return exact;
  const shift = x.precision + 1 - bitLength(x.mantissa);
  const mantissa = x.mantissa << BigInt(shift);
  const exponent = x.exponent - shift;
  const lower = exactDecimal(mantissa - 1n, exponent);
  const upper = exactDecimal(mantissa + 1n, exponent);
  // The bounds themselves read back as x only when its last bit is even.
  const isInclusive = (mantissa & 2n) === 0n;
  for (let i = 0; i < exact.digits.length; i++) {
    const [l, m, u] = [digitAt(lower, i), digitAt(exact, i), digitAt(upper, i)];
    const isDownRight = l !== m || (isInclusive && i + 1 === lower.digits.length);
    const isUpRight = m !== u && (isInclusive || m + 1 < u || i + 1 < upper.digits.length);
    if (isDownRight && isUpRight) return round(exact, i + 1);
    if (isDownRight) return roundDown(exact, i + 1);
    if (isUpRight) return roundUp(exact, i + 1);
  }
  return exact;
}

function digitAt(d: Decimal, index: number): number {
  return index < d.digits.length ? d.digits.charCodeAt(index) - 0x30 : 0;
}

/** To that many digits, to nearest, ties to even. */
function round(d: Decimal, count: number): Decimal {
  if (count < 0 || count >= d.digits.length) return d;
  return isRoundedUp(d, count) ? roundUp(d, count) : roundDown(d, count);
}

function isRoundedUp(d: Decimal, count: number): boolean {
  const isHalf = digitAt(d, count) === 5 && count + 1 === d.digits.length;
  if (isHalf) return count > 0 && digitAt(d, count - 1) % 2 === 1;
  return digitAt(d, count) >= 5;
}

function roundDown(d: Decimal, count: number): Decimal {
  const digits = trimZeros(d.digits.slice(0, count));
  return { digits, point: digits === '' ? 0 : d.point };
}

function roundUp(d: Decimal, count: number): Decimal {
  let end = count;
  while (end > 0 && digitAt(d, end - 1) === 9) end--;
  if (end === 0) return { digits: '1', point: d.point + 1 };
  return { digits: d.digits.slice(0, end - 1) + String(digitAt(d, end - 1) + 1), point: d.point };
}
