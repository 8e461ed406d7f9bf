// Matches Go's math/big.Float as cty uses it: a binary float with its own precision in bits, rounding to nearest even.
import { TsbuildxError } from '../../base/errors.ts';

/** Precision in bits of numbers that are read from text. */
export const NUMBER_PRECISION = 512;

/** Go keeps exponents in 32 bits: what is larger becomes infinite, what is smaller zero. */
const MAX_EXPONENT = 2 ** 31 - 1;
const MIN_EXPONENT = -(2 ** 31);

/** A number: `± mantissa × 2^exponent`, or an infinity. Immutable. */
export class BigFloat {
  readonly isNegative: boolean;
  readonly isInfinite: boolean;
  /** Never negative; zero for zeros and infinities. */
  readonly mantissa: bigint;
  readonly exponent: number;
  /** Bits of the mantissa that results keep. */
  readonly precision: number;

  private constructor(
    isNegative: boolean,
    mantissa: bigint,
    exponent: number,
    precision: number,
    isInfinite: boolean = false,
  ) {
    this.isNegative = isNegative;
    this.isInfinite = isInfinite;
    this.mantissa = mantissa;
    this.exponent = exponent;
    this.precision = precision;
  }

  /**
   * `± mantissa × 2^exponent`, rounded to the precision.
   * `isMore` says that the true value lies a little above the mantissa, which then has more bits than the precision.
   */
  static of(isNegative: boolean, mantissa: bigint, exponent: number, precision: number, isMore = false): BigFloat {
    let [m, e] = [mantissa, exponent];
    let bits = bitLength(m);
    if (bits > precision) {
      const shift = bits - precision;
      m = roundedShift(m, shift, isMore);
      e += shift;
      bits = bitLength(m);
    }
    if (m === 0n || e + bits < MIN_EXPONENT) return BigFloat.zero(isNegative, precision);
    if (e + bits > MAX_EXPONENT) return BigFloat.infinity(isNegative, precision);
    return new BigFloat(isNegative, m, e, precision);
  }

  static zero(isNegative: boolean, precision: number): BigFloat {
    return new BigFloat(isNegative, 0n, 0, precision);
  }

  static infinity(isNegative: boolean, precision: number): BigFloat {
    return new BigFloat(isNegative, 0n, 0, precision, true);
  }

  /** A whole number. Its precision is 64 bits, as that of Go's int64, or what it needs. */
  static fromInteger(value: number | bigint): BigFloat {
    const integer = BigInt(value);
    const magnitude = integer < 0n ? -integer : integer;
    return BigFloat.of(integer < 0n, magnitude, 0, Math.max(64, bitLength(magnitude)));
  }

  /** The exact value of a float64, with 53 bits of precision. Throws INVALID_ARGUMENT for NaN. */
  static fromNumber(value: number): BigFloat {
    if (Number.isNaN(value)) throw new TsbuildxError('INVALID_ARGUMENT', 'the result is not a number');
    const isNegative = value < 0 || Object.is(value, -0);
    if (!Number.isFinite(value)) return BigFloat.infinity(isNegative, 53);
    const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
    const biased = Number((bits >> 52n) & 0x7ffn);
    const fraction = bits & 0xfffffffffffffn;
    if (biased === 0) return BigFloat.of(isNegative, fraction, -1074, 53);
    return BigFloat.of(isNegative, fraction | (1n << 52n), biased - 1075, 53);
  }

  get isZero(): boolean {
    return this.mantissa === 0n && !this.isInfinite;
  }

  get isInteger(): boolean {
    return !this.isInfinite && (this.exponent >= 0 || trailingZeros(this.mantissa) >= -this.exponent);
  }

  /** -1, 0 or 1. */
  get sign(): number {
    if (this.isZero) return 0;
    return this.isNegative ? -1 : 1;
  }

  /** Bits that the value needs. */
  get leastPrecision(): number {
    return this.mantissa === 0n ? 0 : bitLength(this.mantissa) - trailingZeros(this.mantissa);
  }

  withPrecision(precision: number): BigFloat {
    if (this.mantissa === 0n) return new BigFloat(this.isNegative, 0n, 0, precision, this.isInfinite);
    return BigFloat.of(this.isNegative, this.mantissa, this.exponent, precision);
  }

  negate(): BigFloat {
    return new BigFloat(!this.isNegative, this.mantissa, this.exponent, this.precision, this.isInfinite);
  }

  absolute(): BigFloat {
    return this.isNegative ? this.negate() : this;
  }

  /** The part before the point, towards zero; undefined for infinities. Throws INVALID_ARGUMENT for gigantic numbers. */
  toBigInt(): bigint | undefined {
    if (this.isInfinite) return undefined;
    const { mantissa, exponent } = this;
    if (exponent > MAX_WRITTEN_BITS) throw tooLarge();
    const magnitude = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa >> BigInt(-exponent);
    return this.isNegative ? -magnitude : magnitude;
  }

  /** The nearest float64; infinities beyond its range. */
  toNumber(): number {
    const sign = this.isNegative ? -1 : 1;
    if (this.isInfinite) return sign * Infinity;
    const top = this.exponent + bitLength(this.mantissa);
    if (this.mantissa === 0n || top < -1074) return sign * 0;
    if (top > 1024) return sign * Infinity;
    const bits = Math.min(53, top + 1074);
    if (bits === 0) return trailingZeros(this.mantissa) + 1 < bitLength(this.mantissa) ? sign * 5e-324 : sign * 0;
    const { mantissa, exponent } = BigFloat.of(false, this.mantissa, this.exponent, bits);
    const low = Math.max(exponent, -1000);
    return sign * Number(mantissa) * 2 ** low * 2 ** (exponent - low);
  }

  /** A whole number that fits 64 signed bits; undefined for all others. */
  toInt64(): bigint | undefined {
    if (this.isInfinite || this.exponent > 64 || !this.isInteger) return undefined;
    const value = this.toBigInt();
    return value === undefined || BigInt.asIntN(64, value) !== value ? undefined : value;
  }
}

/** Binary digits of what may be written out or made an integer: more would take gigabytes. */
export const MAX_WRITTEN_BITS: number = 2 ** 20;

export function tooLarge(): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', 'the number has too many digits to be written out');
}

export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex.charAt(0), 16)) - 28);
}

export function trailingZeros(value: bigint): number {
  if (value === 0n) return 0;
  let count = 0;
  let rest = value;
  while ((rest & 0xffffffffn) === 0n) {
    rest >>= 32n;
    count += 32;
  }
  const low = Number(rest & 0xffffffffn);
  return count + 31 - Math.clz32(low & -low);
}

/** Shifts right, rounding to nearest, ties to even. */
function roundedShift(value: bigint, shift: number, isMore: boolean): bigint {
  const kept = value >> BigInt(shift);
  const rest = value - (kept << BigInt(shift));
  const half = 1n << BigInt(shift - 1);
  const isUp = rest > half || (rest === half && (isMore || (kept & 1n) === 1n));
  return isUp ? kept + 1n : kept;
}
