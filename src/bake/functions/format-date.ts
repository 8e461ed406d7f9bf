// Matches FormatDateFunc of function/stdlib/datetime.go of go-cty.
import { goQuote } from '../../base/go-quote.ts';
import { ArgumentError, at } from '../cty/index.ts';
import {
  type CivilTime,
  civilTime,
  type Moment,
  monthNames,
  offsetText,
  twoDigits,
  weekdayNames,
  yearText,
} from './calendar.ts';

/** A quoted literal, a run of one letter, or all else. */
const token = /'(?:'|(?:''|[^'])*'?)|([a-zA-Z])\1*|[^a-zA-Z']+/g;

/** A date by letters: `YYYY-MM-DD'T'hh:mm:ssZ`. Throws ArgumentError of argument 0 for what is no format. */
export function formatDate(format: string, moment: Moment): string {
  const time = civilTime(moment);
  return format.replace(token, (text) => {
    if (text.startsWith("'")) return literal(text);
    const write = verbs[text.charAt(0)];
    if (write !== undefined) return write(text, time, moment);
    if (/^[a-zA-Z]/.test(text)) throw new ArgumentError(0, `invalid date format verb ${goQuote(text)}`);
    return text;
  });
}

function literal(text: string): string {
  if (text === "''") return "'";
  if (text.length === 1 || !text.endsWith("'")) throw new ArgumentError(0, "unterminated literal '");
  return text.slice(1, -1).replace(/''?/g, "'");
}

type Write = (verb: string, time: CivilTime, moment: Moment) => string;

function invalid(verb: string, why: string): ArgumentError {
  return new ArgumentError(0, `invalid date format verb ${goQuote(verb)}: ${why}`);
}

/** A number with one or two digits. */
function numeric(what: string, valueOf: (time: CivilTime) => number): Write {
  return (verb, time) => {
    const value = valueOf(time);
    if (verb.length === 1) return String(value);
    if (verb.length === 2) return twoDigits(value);
    const letter = verb.charAt(0);
    throw invalid(verb, `${what} must either be "${letter}" or "${letter}${letter}"`);
  };
}

const month = numeric('', (time) => time.month);

function halfOfDay(before: string, after: string): Write {
  return (verb, { hour }) => {
    const letter = verb.charAt(0);
    if (verb.length !== 2) throw invalid(verb, `must be "${letter}${letter}"`);
    return hour < 12 ? before : after;
  };
}

function zone(verb: string, { offset }: Moment): string {
  if (verb.length === 1) return offset === 0 ? 'Z' : offsetText(offset, ':');
  if (verb.length === 3) return offset === 0 ? 'UTC' : offsetText(offset, '');
  if (verb.length === 4) return offsetText(offset, '');
  if (verb.length === 5) return offsetText(offset, ':');
  throw invalid(verb, 'timezone must be Z, ZZZZ, or ZZZZZ');
}

const verbs: Readonly<Record<string, Write>> = {
  Y: (verb, { year }) => {
    if (verb.length === 2) return twoDigits(year % 100);
    if (verb.length === 4) return yearText(year);
    throw invalid(verb, 'year must either be "YY" or "YYYY"');
  },
  M: (verb, time, moment) => {
    if (verb.length < 3) return month(verb, time, moment);
    const name = at(monthNames, time.month - 1);
    if (verb.length === 3) return name.slice(0, 3);
    if (verb.length === 4) return name;
    throw invalid(verb, 'month must be "M", "MM", "MMM", or "MMMM"');
  },
  D: numeric('day of month', (time) => time.day),
  E: (verb, { weekday }) => {
    const name = at(weekdayNames, weekday);
    if (verb.length === 3) return name.slice(0, 3);
    if (verb.length === 4) return name;
    throw invalid(verb, 'day of week must either be "EEE" or "EEEE"');
  },
  h: numeric('24-hour', (time) => time.hour),
  H: numeric('12-hour', (time) => time.hour % 12 || 12),
  A: halfOfDay('AM', 'PM'),
  a: halfOfDay('am', 'pm'),
  m: numeric('minute', (time) => time.minute),
  s: numeric('second', (time) => time.second),
  Z: (verb, _time, moment) => zone(verb, moment),
};
