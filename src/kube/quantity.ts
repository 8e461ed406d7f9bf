// Matches apimachinery pkg/api/resource/quantity.go: the text that Go sends for a quantity, and its error texts.
import { TsbuildxError } from '../base/errors.ts';

type Format = 'decimal' | 'exponent' | 'binary';

interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: Format;
}

const DECIMAL: readonly string[] = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO = 9;
const MAX_INT64 = (1n << 63n) - 1n;
/** More than any quantity has: Go rounds such numbers away, or to its largest. */
const MAX_EXPONENT = 300;

/** Reads a quantity such as `0.5`, `512Mi`, `1e3` and writes it in its canonical form. Throws INVALID_ARGUMENT. */
export function canonicalQuantity(text: string): string {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[+-]?\d*)$/.exec(text);
  if (match === null || text === '') throw invalid(`quantities must match the regular expression '${PATTERN}'`);
  if (text === '0') return text;
  const [, sign = '', whole = '', fraction = '', suffixText = ''] = match;
  const suffix = parseSuffix(suffixText);
  if (suffix === undefined) throw invalid("unable to parse quantity's suffix");
  const digits = (whole || '0') + fraction;
  if (isCanonical(digits, fraction.length, suffix)) return text;

  const amount = nanos(BigInt(digits), fraction.length, suffix);
  const capped = suffix.format === 'binary' && amount > MAX_INT64 * NANOS ? MAX_INT64 * NANOS : amount;
  const written = capped === 0n ? '0' : write(capped, suffix.format);
  return sign === '-' && written !== '0' ? `-${written}` : written;
}

const PATTERN = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$';
const NANOS = 10n ** BigInt(NANO);

function parseSuffix(text: string): Suffix | undefined {
  const decimal = DECIMAL.indexOf(text);
  if (decimal >= 0) return { base: 10, exponent: decimal * 3 - NANO, format: 'decimal' };
  const binary = BINARY.indexOf(text);
  if (binary >= 0) return { base: 2, exponent: binary * 10, format: 'binary' };
  const exponent = /^[eE]([+-]?\d+)$/.exec(text)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > MAX_EXPONENT) return undefined;
  return { base: 10, exponent: Number(exponent), format: 'exponent' };
}

/** What Go takes for canonical without looking closely, and repeats as it was written. */
function isCanonical(digits: string, decimals: number, { exponent, format }: Suffix): boolean {
  if (format === 'binary') {
    const precision = 15 - digits.length - Math.trunc((exponent * 3) / 10) - 1;
    return decimals === 0 && precision >= 0 && (BigInt(digits) & 7n) !== 0n;
  }
  const scale = exponent - decimals;
  return digits.length <= 18 && scale >= -NANO && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** In 10⁻⁹, what is smaller rounded up: who asks for something gets something. */
function nanos(digits: bigint, decimals: number, { base, exponent }: Suffix): bigint {
  const factor = base === 2 ? 1n << BigInt(exponent) : 10n ** BigInt(Math.max(exponent, 0));
  const divisor = 10n ** BigInt(decimals + (base === 10 && exponent < 0 ? -exponent : 0));
  return (digits * factor * NANOS + divisor - 1n) / divisor;
}

function write(amount: bigint, format: Format): string {
  if (format === 'binary' && amount % NANOS === 0n && amount >= 1024n * NANOS) {
    let [value, at] = [amount / NANOS, 0];
    for (; value % 1024n === 0n && at < BINARY.length - 1; at += 1) value /= 1024n;
    return `${value}${BINARY[at]}`;
  }
  let [value, exponent] = [amount, -NANO];
  const largest = format === 'exponent' ? MAX_EXPONENT : 18;
  for (; value % 1000n === 0n && exponent < largest; exponent += 3) value /= 1000n;
  if (format === 'exponent') return exponent === 0 ? String(value) : `${value}e${exponent}`;
  return `${value}${DECIMAL[(exponent + NANO) / 3]}`;
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
