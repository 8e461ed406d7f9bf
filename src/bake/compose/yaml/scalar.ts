// Matches go.yaml.in/yaml/v4 resolver.go: what a plain scalar means.
import type { ComposeValue } from '../value.ts';

const words: ReadonlyMap<string, ComposeValue> = new Map<string, ComposeValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map((text): [string, null] => [text, null]),
  ...['true', 'True', 'TRUE'].map((text): [string, boolean] => [text, true]),
  ...['false', 'False', 'FALSE'].map((text): [string, boolean] => [text, false]),
  ...['.nan', '.NaN', '.NAN'].map((text): [string, number] => [text, Number.NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text): [string, number] => [text, Infinity]),
  ...['-.inf', '-.Inf', '-.INF'].map((text): [string, number] => [text, -Infinity]),
  ...['-0', '-0.0'].map((text): [string, number] => [text, -0]),
]);

const floatStyle = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** The value of a scalar without quotes. */
export function plainScalar(text: string): ComposeValue {
  const word = words.get(text);
  if (word !== undefined) return word;
  const [first = ''] = text;
  if (first === '.') return floatStyle.test(text) ? Number(text) : text;
  if (!/[-+0-9]/.test(first)) return text;
  const time = timestamp(text);
  if (time !== undefined) return time;
  const number = text.replaceAll('_', '');
  const integer = parseInteger(number);
  if (integer !== undefined) return integer;
  return floatStyle.test(number) ? Number(number) : text;
}

/** As Go's `strconv.ParseInt` with base 0: a prefix or a leading zero chooses the base. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = ''] = match;
  const isOldOctal = /^0[0-7]/.test(digits);
  const size = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits);
  const value = sign === '-' ? -size : size;
  const isInRange = value >= -(1n << 63n) && value < (sign === '' ? 1n << 64n : 1n << 63n);
  return isInRange ? value : undefined;
}

const timestampStyle =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt]|[ ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?(Z|[-+]\d{2}:\d{2})?)?$/;

/** A date as Go prints its times, `2006-01-02 15:04:05 +0000 UTC`; undefined when the text is none. */
function timestamp(text: string): string | undefined {
  const match = timestampStyle.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', separator, hour = '0', minute = '0', second = '0', fraction, zone] = match;
  const hasZone = zone !== undefined;
  if (separator !== undefined && (separator === ' ') === hasZone) return undefined;
  const parts = [month, day, hour, minute, second].map(Number);
  const [m = 0, d = 0, h = 0, min = 0, s = 0] = parts;
  const isReal = m >= 1 && m <= 12 && d >= 1 && d <= daysOf(Number(year), m) && h < 24 && min < 60 && s < 60;
  if (!isReal) return undefined;
  const [mm, dd, hh, mi, ss] = parts.map((part) => String(part).padStart(2, '0'));
  const digits = fraction?.slice(0, 9).replace(/0+$/, '') ?? '';
  const offset = zone === undefined || zone === 'Z' ? '+0000 UTC' : `${zone.replace(':', '')} ${zone.replace(':', '')}`;
  return `${year}-${mm}-${dd} ${hh}:${mi}:${ss}${digits === '' ? '' : `.${digits}`} ${offset}`;
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}
