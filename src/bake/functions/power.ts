// Matches math.Pow of Go, whose last digit differs from that of JavaScript's `**`: bake files show all digits.

/** Whole exponents beyond this one leave nothing but 0 and infinity. */
const HUGE = 2 ** 63;

export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (x === 0 || !Number.isFinite(x) || Number.isNaN(y)) return x ** y;
  if (!Number.isFinite(y)) return x === -1 ? 1 : x ** y;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  return finitePower(x, y);
}

function finitePower(x: number, y: number): number {
  const whole = Math.trunc(Math.abs(y));
  const rest = Math.abs(y) - whole;
  if (rest !== 0 && x < 0) return Number.NaN;
  if (whole >= HUGE) return x === -1 ? 1 : Math.abs(x) < 1 === y > 0 ? 0 : Infinity;
  const isUp = rest > 0.5;
  const start = rest === 0 ? 1 : Math.exp((isUp ? rest - 1 : rest) * Math.log(x));
  const { fraction, exponent } = wholePower(x, BigInt(whole) + (isUp ? 1n : 0n), start);
  return y < 0 ? scaled(1 / fraction, -exponent) : scaled(fraction, exponent);
}

/** `start × x^n` by repeated squaring, the power of two apart. */
function wholePower(x: number, n: bigint, start: number): { fraction: number; exponent: number } {
  let product = start;
  let total = 0;
  let { fraction, exponent } = split(x);
  for (let rest = n; rest !== 0n; rest >>= 1n) {
    if (Math.abs(exponent) > 4096) return { fraction: product, exponent: total + exponent };
    if ((rest & 1n) === 1n) {
      product *= fraction;
      total += exponent;
    }
    fraction *= fraction;
    exponent *= 2;
    if (fraction < 0.5) {
      fraction += fraction;
      exponent--;
    }
  }
  return { fraction: product, exponent: total };
}

/** A fraction of at least one half and below one, and the power of two that it is multiplied with. */
function split(x: number): { fraction: number; exponent: number } {
  let exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))) + 1);
  let fraction = x / 2 ** Math.min(exponent, 1023) / 2 ** Math.max(0, exponent - 1023);
  while (Math.abs(fraction) >= 1) [fraction, exponent] = [fraction / 2, exponent + 1];
  while (Math.abs(fraction) < 0.5) [fraction, exponent] = [fraction * 2, exponent - 1];
  return { fraction, exponent };
}

/** `fraction × 2^exponent`, rounded once. */
function scaled(fraction: number, exponent: number): number {
  if (fraction === 0 || !Number.isFinite(fraction)) return fraction;
  const parts = split(fraction);
  const total = parts.exponent + exponent;
  if (total > 1024) return Math.sign(fraction) * Infinity;
  if (total < -1100) return Math.sign(fraction) * 0;
  const low = Math.max(total, -1000);
  return parts.fraction * 2 * 2 ** (low - 1) * 2 ** (total - low);
}
