// Matches Go's time.ParseDuration and Duration.String: same grammar, limits and error texts.
import { TsbuildxError } from './errors.ts';
import { encodeBytes } from './go-bytes.ts';

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n], // U+00B5, the micro sign
  ['μs', 1_000n], // U+03BC, the Greek letter
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const LIMIT = 1n << 63n;
const part = /([0-9]*)(\.([0-9]*))?([^0-9.]*)/y;

/** A duration such as `1h2m3.5s`, in nanoseconds. Throws INVALID_ARGUMENT. */
export function parseGoDuration(text: string): bigint {
  const negative = text.startsWith('-');
  const rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid(text);
  let total = 0n;
  for (let at = 0; at < rest.length; ) {
    part.lastIndex = at;
    const match = part.exec(rest);
    const [whole = '', integer = '', , fraction = '', unit = ''] = match ?? [];
    if (integer === '' && fraction === '') throw invalid(text);
    total += amount(integer, fraction, unit, text);
    if (total > LIMIT) throw invalid(text);
    at += whole.length;
  }
  if (negative) return -total;
  if (total === LIMIT) throw invalid(text);
  return total;
}

function amount(integer: string, fraction: string, unit: string, text: string): bigint {
  const value = BigInt(integer);
  if (value > LIMIT) throw invalid(text);
  if (unit === '') throw new TsbuildxError('INVALID_ARGUMENT', `time: missing unit in duration ${quote(text)}`);
  const scale = units.get(unit);
  if (scale === undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', `time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
  }
  if (value > LIMIT / scale) throw invalid(text);
  const sum = value * scale + fractionOf(fraction, scale);
  if (sum > LIMIT) throw invalid(text);
  return sum;
}

/** Go computes this part in floating point, on as many digits as fit 63 bits. */
function fractionOf(digits: string, scale: bigint): bigint {
  let value = 0n;
  let power = 1;
  for (const digit of digits) {
    if (value > (LIMIT - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > LIMIT) break;
    value = next;
    power *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(scale) / power)));
}

function invalid(text: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `time: invalid duration ${quote(text)}`);
}

/** Quotes as package time does: everything that is not printable ASCII byte by byte. */
function quote(text: string): string {
  let out = '"';
  for (const byte of encodeBytes(text)) {
    if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, '0')}`;
    else out += byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
  }
  return `${out}"`;
}

/** Nanoseconds as Go prints a duration: `1h2m3.5s`, `2ms`, `0s`. */
export function formatGoDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? '-' : '';
  const rest = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (rest === 0n) return '0s';
  const below = (['ms', 'µs', 'ns'] as const).find((unit) => rest >= (units.get(unit) ?? 1n)) ?? 'ns';
  if (rest < SECOND) return `${sign}${decimal(rest, units.get(below) ?? 1n)}${below}`;
  const [hours, minutes] = [rest / HOUR, (rest % HOUR) / MINUTE];
  const parts = [hours > 0n ? `${hours}h` : '', hours > 0n || minutes > 0n ? `${minutes}m` : ''];
  return `${sign}${parts.join('')}${decimal(rest % MINUTE, SECOND)}s`;
}

function decimal(value: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(value % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return digits === 0 || fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`;
}
