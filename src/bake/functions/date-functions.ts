// Matches function/stdlib/datetime.go of go-cty and the timestamps of buildx bake/hclparser/stdlib.go.
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoDuration } from '../../base/go-duration.ts';
import {
  ArgumentError,
  at,
  type FunctionSpec,
  forArgument,
  integerValue,
  objectValue,
  stringType,
  stringValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { civilTime, isoWeek, type Moment, monthNames, rfc3339, weekdayNames } from './calendar.ts';
import { formatDate } from './format-date.ts';
import { number, parameter, text } from './parameter.ts';
import { parseLooseTimestamp, parseTimestamp } from './parse-timestamp.ts';

const NANOSECONDS_A_SECOND = 1_000_000_000n;

function unixMoment(value: Value): Moment {
  const seconds = value.asNumber().toInt64();
  if (seconds !== undefined) return { seconds, nanoseconds: 0, offset: 0 };
  throw new TsbuildxError('INVALID_ARGUMENT', 'unix timestamp must be an integer');
}

function formatted(format: string, timestamp: string): Value {
  const moment = forArgument(1, () => parseTimestamp(timestamp));
  return stringValue(formatDate(format, moment));
}

function formatTimestamp(format: string, time: Value): Value {
  const { kind } = time.type;
  if (kind === 'string') {
    if (format !== 'X') return formatted(format, time.asString());
    const moment = parseLooseTimestamp(time.asString());
    if (moment === undefined) throw new ArgumentError(1, 'timestamp string must be RFC3339');
    return stringValue(String(moment.seconds));
  }
  if (kind !== 'number') throw new ArgumentError(1, 'must be a string timestamp or a unix timestamp number');
  const moment = forArgument(1, () => unixMoment(time));
  return format === 'X' ? stringValue(String(moment.seconds)) : formatted(format, rfc3339(moment));
}

function addDuration(timestamp: string, duration: string): string {
  const { seconds, nanoseconds, offset } = parseTimestamp(timestamp);
  const total = seconds * NANOSECONDS_A_SECOND + BigInt(nanoseconds) + parseGoDuration(duration);
  const below = ((total % NANOSECONDS_A_SECOND) + NANOSECONDS_A_SECOND) % NANOSECONDS_A_SECOND;
  return rfc3339({ seconds: (total - below) / NANOSECONDS_A_SECOND, nanoseconds: Number(below), offset });
}

function dateParts(moment: Moment): Value {
  const time = civilTime(moment);
  const week = isoWeek(time);
  const numbers = Object.entries({
    year: time.year,
    year_day: time.yearDay,
    day: time.day,
    month: time.month,
    weekday: time.weekday,
    hour: time.hour,
    minute: time.minute,
    second: time.second,
    iso_year: week.year,
    iso_week: week.week,
  }).map(([name, value]) => [name, integerValue(value)] as const);
  const names = Object.entries({
    month_name: at(monthNames, time.month - 1),
    weekday_name: at(weekdayNames, time.weekday),
    rfc3339: rfc3339(moment),
  }).map(([name, value]) => [name, stringValue(value)] as const);
  return objectValue([...numbers, ...names]);
}

/** `now`: seconds since 1970. */
export function dateFunctions(now: () => number): Readonly<Record<string, FunctionSpec>> {
  return {
    formatdate: define({
      parameters: [text('format'), text('time')],
      returns: stringType,
      run: (format: Value, time: Value) => formatted(format.asString(), time.asString()),
    }),
    formattimestamp: define({
      parameters: [text('format'), parameter('time')],
      returns: stringType,
      run: (format: Value, time: Value) => formatTimestamp(format.asString(), time),
    }),
    timeadd: define({
      parameters: [text('timestamp'), text('duration')],
      returns: stringType,
      run: (timestamp: Value, duration: Value) => stringValue(addDuration(timestamp.asString(), duration.asString())),
    }),
    timestamp: define({
      returns: stringType,
      run: () => stringValue(rfc3339({ seconds: BigInt(Math.floor(now())), nanoseconds: 0, offset: 0 })),
    }),
    unixtimestampparse: define({
      parameters: [number('unix_timestamp')],
      run: (timestamp: Value) => dateParts(forArgument(0, () => unixMoment(timestamp))),
    }),
  };
}
