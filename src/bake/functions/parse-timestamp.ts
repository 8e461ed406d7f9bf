// Matches function/stdlib/datetime.go and datetime_rfc3339.go of go-cty over Go's time.Parse: strict RFC 3339, the same errors.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { daysIn, daysTo, type Moment } from './calendar.ts';

/** Throws INVALID_ARGUMENT that tells which part is wrong. */
export function parseTimestamp(text: string): Moment {
  const { fields, rest } = readFields(text);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields;
  const fraction = /^[.,]([0-9]+)/.exec(rest);
  const zone = readZone(rest.slice(fraction?.[0].length ?? 0));
  if (day < 1 || day > daysIn(month, year)) throw failure(': day out of range');
  if (text.charAt(12) === ':') throw failure(': hour must have exactly two digits');
  if (fraction?.[0].startsWith(',') === true) throw failure(': cannot use "," as timestamp segment');
  checkZone(zone);
  const seconds = daysTo(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - zone.offset;
  const nanoseconds = Number((fraction?.[1] ?? '').slice(0, 9).padEnd(9, '0'));
  return { seconds: BigInt(seconds), nanoseconds, offset: zone.offset };
}

/** As `parseTimestamp`, but of hours with one digit, commas and offsets up to 24:60 too; undefined when it is none. */
export function parseLooseTimestamp(text: string): Moment | undefined {
  const loose = /^(\d{4}-\d\d-\d\dT)(\d:.*|.*)$/s.exec(text);
  const [, date = '', time = ''] = loose ?? [];
  const padded = /^\d:/.test(time) ? `0${time}` : time;
  try {
    return parseTimestamp(date + padded.replace(',', '.'));
  } catch {
    return undefined;
  }
}

function failure(what: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `not a valid RFC3339 timestamp${what}`);
}

interface Field {
  readonly name: string;
  /** What stands before it. */
  readonly mark: string;
  readonly pattern: RegExp;
  readonly least: number;
  readonly most: number;
}

const twoDigits = /^[0-9]{2}/;
const fieldsInOrder: readonly Field[] = [
  { name: 'year', mark: '', pattern: /^[0-9]{4}/, least: 0, most: 9999 },
  { name: 'month', mark: '-', pattern: twoDigits, least: 1, most: 12 },
  { name: 'day of month', mark: '-', pattern: twoDigits, least: 0, most: 99 },
  { name: 'hour', mark: 'T', pattern: /^[0-9]{1,2}/, least: 0, most: 23 },
  { name: 'minute', mark: ':', pattern: twoDigits, least: 0, most: 59 },
  { name: 'second', mark: ':', pattern: twoDigits, least: 0, most: 59 },
];

function readFields(text: string): { fields: number[]; rest: string } {
  const fields: number[] = [];
  let rest = text;
  for (const { name, mark, pattern, least, most } of fieldsInOrder) {
    if (!rest.startsWith(mark)) throw missing(mark, rest);
    rest = rest.slice(mark.length);
    const digits = pattern.exec(rest)?.[0];
    if (digits === undefined) throw unusable(name, rest);
    rest = rest.slice(digits.length);
    const value = Number(digits);
    // Go reports what comes behind a field that is out of range.
    if (value < least || value > most) throw unusable(name, rest);
    fields.push(value);
  }
  return { fields, rest };
}

function missing(mark: string, found: string): TsbuildxError {
  if (mark === 'T') return failure(": missing required time introducer 'T'");
  const what = found === '' ? 'end of string' : `found ${goQuote(found)}`;
  return failure(`: ${what} where ${goQuote(mark)} is expected`);
}

function unusable(name: string, found: string): TsbuildxError {
  if (found === '') return failure(`: end of string before ${name}`);
  if (name === 'hour' && found.includes(':')) return failure(': hour must be between 0 and 23 inclusive');
  const isBadLength = (name === 'hour' || name === 'minute') && Buffer.byteLength(found) !== 2;
  if (isBadLength) return failure(`: ${name} must have exactly two digits`);
  return failure(`: cannot use ${goQuote(found)} as ${name}`);
}

interface Zone {
  readonly text: string;
  readonly offset: number;
}

function readZone(text: string): Zone {
  const match = /^(?:Z|([+-])([0-9]{2}):([0-9]{2}))/.exec(text);
  const [whole, sign, hours, minutes] = match ?? [];
  if (whole === undefined) throw unusable('UTC offset', text);
  const rest = text.slice(whole.length);
  if (Number(hours ?? 0) > 24 || Number(minutes ?? 0) > 60) throw unusable('UTC offset', rest);
  if (rest !== '') throw failure(`: cannot use ${goQuote(rest)} as timestamp segment`);
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60;
  return { text: whole, offset: sign === '-' ? -offset : offset };
}

function checkZone({ text }: Zone): void {
  if (text === 'Z') return;
  if (Number(text.slice(1, 3)) < 24 && Number(text.slice(4)) < 60) return;
  throw failure(`: cannot use ${goQuote(text)} as UTC offset`);
}
