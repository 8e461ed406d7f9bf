// Matches Go's big.ParseFloat with base 10, as cty.ParseNumberVal calls it, rounding steps included.
import { BigFloat, bitLength, NUMBER_PRECISION } from './big-float.ts';
import { divideTo, multiplyTo } from './big-float-math.ts';

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eEpP])([+-]?\d+))?$/;
const infinity = /^([+-]?)[Ii]nf$/;

/** Exponents beyond 32 bits are refused, as Go does. */
const EXPONENT_LIMIT = 2 ** 31;

/** A decimal number such as `1.5e3`; `p` marks an exponent of two. Undefined when it is none. */
export function parseNumber(text: string): BigFloat | undefined {
  const infinite = infinity.exec(text);
  if (infinite !== null) return BigFloat.infinity(infinite[1] === '-', NUMBER_PRECISION);
  const match = decimal.exec(text);
  if (match === null) return undefined;
  const [, sign = '', integer = '', fraction = '', mark = '', exponentText = '0'] = match;
  if (integer === '' && fraction === '') return undefined;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) >= 2 ** 63) return undefined;
  const mantissa = BigInt(integer + fraction);
  if (mantissa === 0n) return BigFloat.zero(sign === '-', NUMBER_PRECISION);
  const isBinary = mark === 'p' || mark === 'P';
  const fives = isBinary ? -fraction.length : exponent - fraction.length;
  return scaled(sign === '-', mantissa, exponent - fraction.length, fives);
}

/** `mantissa × 2^twos × 5^fives`, where only the last step rounds to the final precision. */
function scaled(isNegative: boolean, mantissa: bigint, twos: number, fives: number): BigFloat | undefined {
  const bits = bitLength(mantissa);
  if (twos + bits < -EXPONENT_LIMIT || twos + bits >= EXPONENT_LIMIT) return undefined;
  if (fives === 0) return BigFloat.of(isNegative, mantissa, twos, NUMBER_PRECISION);
  const exact = BigFloat.of(isNegative, mantissa, twos, bits);
  const power = powerOfFive(Math.abs(fives), NUMBER_PRECISION + 64);
  return fives < 0 ? divideTo(exact, power, NUMBER_PRECISION) : multiplyTo(exact, power, NUMBER_PRECISION);
}

/** Powers up to this one come from a table in Go, exact in 64 bits. */
const TABLE_END = 27;

function powerOfFive(n: number, precision: number): BigFloat {
  let power = BigFloat.of(false, 5n ** BigInt(Math.min(n, TABLE_END)), 0, precision);
  let factor = BigFloat.of(false, 5n, 0, precision + 64);
  for (let rest = n - TABLE_END; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = multiplyTo(power, factor, precision);
    factor = multiplyTo(factor, factor, precision + 64);
  }
  return power;
}
