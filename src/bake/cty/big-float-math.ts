// Matches the operators of cty's value_ops.go over Go's big.Float: results keep the greater precision of the two.
import { TsbuildxError } from '../../base/errors.ts';
import { BigFloat, bitLength, NUMBER_PRECISION } from './big-float.ts';

/** Throws INVALID_ARGUMENT for opposite infinities. */
export function addNumbers(x: BigFloat, y: BigFloat): BigFloat {
  return sum(x, y, Math.max(x.precision, y.precision));
}

function sum(x: BigFloat, y: BigFloat, precision: number): BigFloat {
  if (x.isInfinite && y.isInfinite && x.isNegative !== y.isNegative) {
    throw new TsbuildxError('INVALID_ARGUMENT', "can't compute sum of opposing infinities");
  }
  if (x.isZero && y.isZero) return BigFloat.zero(x.isNegative && y.isNegative, precision);
  if (x.isInfinite || y.isZero) return x.withPrecision(precision);
  if (y.isInfinite || x.isZero) return y.withPrecision(precision);
  return sumOfFinite(x, y, precision);
}

function sumOfFinite(x: BigFloat, y: BigFloat, precision: number): BigFloat {
  const [high, low] = topOf(x) >= topOf(y) ? [x, y] : [y, x];
  const shift = 2 + precision;
  // A number far below the last bit only decides how ties are rounded.
  const isFar = topOf(high) - topOf(low) > shift + bitLength(high.mantissa);
  const exponent = isFar ? high.exponent - shift : Math.min(high.exponent, low.exponent);
  const added = isFar ? (low.isNegative ? -1n : 1n) : signedMantissa(low, exponent);
  const total = signedMantissa(high, exponent) + added;
  return BigFloat.of(total < 0n, total < 0n ? -total : total, exponent, precision);
}

function topOf(x: BigFloat): number {
  return x.exponent + bitLength(x.mantissa);
}

function signedMantissa(x: BigFloat, exponent: number): bigint {
  const mantissa = x.mantissa << BigInt(x.exponent - exponent);
  return x.isNegative ? -mantissa : mantissa;
}

/** Throws INVALID_ARGUMENT for equal infinities. */
export function subtractNumbers(x: BigFloat, y: BigFloat): BigFloat {
  if (x.isInfinite && y.isInfinite && x.isNegative === y.isNegative) {
    throw new TsbuildxError('INVALID_ARGUMENT', "can't subtract infinity from itself");
  }
  return addNumbers(x, y.negate());
}

/** A product keeps all its bits up to 512. Throws INVALID_ARGUMENT for zero times infinity. */
export function multiplyNumbers(x: BigFloat, y: BigFloat): BigFloat {
  const exact = multiplyTo(x, y, NUMBER_PRECISION);
  return exact.withPrecision(Math.max(x.precision, y.precision, exact.leastPrecision));
}

/** The product with that precision. Throws INVALID_ARGUMENT for zero times infinity. */
export function multiplyTo(x: BigFloat, y: BigFloat, precision: number): BigFloat {
  const isNegative = x.isNegative !== y.isNegative;
  if ((x.isZero && y.isInfinite) || (x.isInfinite && y.isZero)) {
    throw new TsbuildxError('INVALID_ARGUMENT', "can't multiply zero by infinity");
  }
  if (x.isInfinite || y.isInfinite) return BigFloat.infinity(isNegative, precision);
  return BigFloat.of(isNegative, x.mantissa * y.mantissa, x.exponent + y.exponent, precision);
}

/** Division by zero gives infinity. Throws INVALID_ARGUMENT for zero by zero and infinity by infinity. */
export function divideNumbers(x: BigFloat, y: BigFloat): BigFloat {
  return divideTo(x, y, Math.max(x.precision, y.precision));
}

/** The quotient with that precision. Throws INVALID_ARGUMENT for zero by zero and infinity by infinity. */
export function divideTo(x: BigFloat, y: BigFloat, precision: number): BigFloat {
  const isNegative = x.isNegative !== y.isNegative;
  if ((x.isZero && y.isZero) || (x.isInfinite && y.isInfinite)) {
    throw new TsbuildxError('INVALID_ARGUMENT', "can't divide zero by zero or infinity by infinity");
  }
  if (x.isZero || y.isInfinite) return BigFloat.zero(isNegative, precision);
  if (x.isInfinite || y.isZero) return BigFloat.infinity(isNegative, precision);
  // Two bits more than asked for: one for rounding, one because the quotient may be a bit shorter.
  const shift = Math.max(0, precision + 2 - (bitLength(x.mantissa) - bitLength(y.mantissa)));
  const numerator = x.mantissa << BigInt(shift);
  const quotient = numerator / y.mantissa;
  return BigFloat.of(
    isNegative,
    quotient,
    x.exponent - y.exponent - shift,
    precision,
    quotient * y.mantissa !== numerator,
  );
}

/** The remainder with the sign of `x`; `x` itself when `y` is zero. Throws INVALID_ARGUMENT for infinities. */
export function remainderOf(x: BigFloat, y: BigFloat): BigFloat {
  if (y.isZero) return x;
  const quotient = x.isInfinite || y.isInfinite ? undefined : divideNumbers(x, y).toBigInt();
  if (quotient === undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', "can't use modulo with zero and infinity");
  }
  const whole = BigFloat.of(quotient < 0n, quotient < 0n ? -quotient : quotient, 0, x.precision);
  return sum(x, multiplyTo(y, whole, x.precision).negate(), x.precision);
}

/** Negative, zero or positive, as `x` is less than, equal to or greater than `y`. */
export function compareNumbers(x: BigFloat, y: BigFloat): number {
  if (x.sign !== y.sign) return x.sign - y.sign;
  if (x.isZero) return 0;
  const magnitude = compareMagnitudes(x, y);
  return x.isNegative ? -magnitude : magnitude;
}

function compareMagnitudes(x: BigFloat, y: BigFloat): number {
  if (x.isInfinite || y.isInfinite) return Number(x.isInfinite) - Number(y.isInfinite);
  const tops = topOf(x) - topOf(y);
  if (tops !== 0) return tops;
  const exponent = Math.min(x.exponent, y.exponent);
  const a = x.mantissa << BigInt(x.exponent - exponent);
  const b = y.mantissa << BigInt(y.exponent - exponent);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
