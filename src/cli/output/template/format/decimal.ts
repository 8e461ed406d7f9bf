// Matches the digits of Go's strconv.FormatFloat: exact, halves to the even neighbour.

/** `0.DIGITS` times ten to the power of `point`. */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** The fewest digits that stand for this number and no other; of a finite number that is not negative. */
export function shortestDecimal(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** The exact value, rounded so that `count` digits are left. */
export function roundedDecimal(value: number, count: (point: number) => number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  const exact = exactDecimal(value);
  const keep = count(exact.point);
  if (keep >= exact.digits.length) return exact;
  if (keep < 0) return { digits: '', point: exact.point };
  const kept = exact.digits.slice(0, keep);
  const rest = exact.digits.slice(keep);
  const isOdd = Number(kept.at(-1) ?? '0') % 2 === 1;
  const isHalf = /^50*$/.test(rest);
  const goesUp = isHalf ? isOdd : rest >= '5';
  if (!goesUp) return trimmed(kept, exact.point);
  const next = String(BigInt(kept === '' ? '0' : kept) + 1n).padStart(keep, '0');
  return trimmed(next, exact.point + (next.length - keep));
}

function trimmed(digits: string, point: number): Decimal {
  const short = digits.replace(/0+$/, '');
  return { digits: short, point: short === '' ? 0 : point };
}

function exactDecimal(value: number): Decimal {
  const { mantissa, exponent } = parts(value);
  const scaled = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = String(scaled);
  return trimmed(digits, digits.length - Math.max(0, -exponent));
}

/** The number as `mantissa` times two to the power of `exponent`. */
export function parts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & ((1n << 52n) - 1n);
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}
