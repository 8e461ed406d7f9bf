// Matches go.yaml.in/yaml/v4 internal/libyaml/resolver.go: what a scalar means.
import type { ComposeValue } from '../value.ts';
import { yamlFault } from './mark.ts';

/** What a text is, and of which kind. */
export interface Resolved {
  readonly tag: string;
  readonly value: ComposeValue;
}

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

/** A scalar without quotes and without a tag. */
export function resolvePlain(text: string): Resolved {
  return text === '<<' ? { tag: '!!merge', value: text } : resolve(text, true);
}

/** A scalar with a tag, its own or the one that its text has. Throws INVALID_ARGUMENT when it is not of that kind. */
export function resolveTagged(tag: string, text: string): Resolved {
  if (tag === '!!binary') return { tag, value: decodeBinary(text) };
  if (!resolvableTags.has(tag)) return { tag, value: text };
  if (tag === '!!str') return { tag, value: text };
  const found = resolve(text, tag === '!!timestamp');
  if (found.tag === tag) return found;
  if (tag === '!!float' && found.tag === '!!int') return { tag, value: Number(found.value) };
  throw yamlFault(`cannot construct ${found.tag} \`${text}\` as a ${tag}`);
}

const resolvableTags = new Set(['!!str', '!!bool', '!!int', '!!float', '!!null', '!!timestamp']);

function decodeBinary(text: string): string {
  const packed = text.replaceAll(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed))
    throw yamlFault('!!binary value contains invalid base64 data');
  return Buffer.from(packed, 'base64').toString();
}

function resolve(text: string, isTimeKnown: boolean): Resolved {
  const word = words.get(text);
  if (word !== undefined) return { tag: tagOf(word), value: word };
  const [first = ''] = text;
  if (first === '.') return floatOrText(text, text);
  if (!/[-+0-9]/.test(first)) return { tag: '!!str', value: text };
  const time = isTimeKnown ? timestamp(text) : undefined;
  if (time !== undefined) return { tag: '!!timestamp', value: time };
  const number = text.replaceAll('_', '');
  const integer = parseInteger(number);
  return integer === undefined ? floatOrText(number, text) : { tag: '!!int', value: integer };
}

function floatOrText(number: string, text: string): Resolved {
  const value = floatStyle.test(number) ? Number(number) : Number.NaN;
  return Number.isFinite(value) ? { tag: '!!float', value } : { tag: '!!str', value: text };
}

function tagOf(word: ComposeValue): string {
  if (word === null) return '!!null';
  return typeof word === 'boolean' ? '!!bool' : '!!float';
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
