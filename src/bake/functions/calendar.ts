// Dates as Go's package time computes them: the Gregorian calendar for all years, with a fixed offset from UTC.

/** A moment and the offset that it is shown in. */
export interface Moment {
  /** Since 1970. */
  readonly seconds: bigint;
  /** Below one second. */
  readonly nanoseconds: number;
  /** East of UTC, in seconds. */
  readonly offset: number;
}

/** The fields that a clock and a calendar show. */
export interface CivilTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** From 1. */
  readonly yearDay: number;
  /** Sunday is 0. */
  readonly weekday: number;
}

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const weekdayNames: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

const SECONDS_A_DAY = 86_400n;

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysIn(month: number, year: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970 to the first of March of a year: with leap days at the end, a year is regular. */
function daysToMarch(year: number): number {
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) - 719_468;
}

/** Days from 1970 to a date. */
export function daysTo(year: number, month: number, day: number): number {
  const isEarly = month < 3;
  const monthFromMarch = isEarly ? month + 9 : month - 3;
  return daysToMarch(isEarly ? year - 1 : year) + Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
}

/** What calendar and clock show at a moment, in its offset. */
export function civilTime({ seconds, offset }: Moment): CivilTime {
  const local = seconds + BigInt(offset);
  const inDay = ((local % SECONDS_A_DAY) + SECONDS_A_DAY) % SECONDS_A_DAY;
  const days = Number((local - inDay) / SECONDS_A_DAY);
  const rest = Number(inDay);
  const date = dateOf(days);
  return {
    ...date,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    yearDay: days - daysTo(date.year, 1, 1) + 1,
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

function dateOf(days: number): { year: number; month: number; day: number } {
  let march = Math.floor((days + 719_468) / 365.2425);
  while (daysToMarch(march) > days) march--;
  while (daysToMarch(march + 1) <= days) march++;
  const yearDay = days - daysToMarch(march);
  const monthFromMarch = Math.floor((5 * yearDay + 2) / 153);
  const day = yearDay - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: month < 3 ? march + 1 : march, month, day };
}

/** Year and number of the week by ISO 8601: that of its Thursday. */
export function isoWeek({ year, yearDay, weekday }: CivilTime): { year: number; week: number } {
  const thursday = yearDay + 3 - ((weekday + 6) % 7);
  if (thursday < 1) return { year: year - 1, week: weekOf(thursday + (isLeap(year - 1) ? 366 : 365)) };
  const length = isLeap(year) ? 366 : 365;
  return thursday > length ? { year: year + 1, week: 1 } : { year, week: weekOf(thursday) };
}

function weekOf(thursday: number): number {
  return Math.floor((thursday - 1) / 7) + 1;
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** At least four digits, as Go prints years. */
export function yearText(year: number): string {
  return (year < 0 ? '-' : '') + String(Math.abs(year)).padStart(4, '0');
}

/** `+01:00`. */
export function offsetText(offset: number, separator: string): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(minutes / 60))}${separator}${twoDigits(minutes % 60)}`;
}

/** Go's time.RFC3339, without fractions of a second. */
export function rfc3339(moment: Moment): string {
  const { year, month, day, hour, minute, second } = civilTime(moment);
  const date = `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`;
  const zone = moment.offset === 0 ? 'Z' : offsetText(moment.offset, ':');
  return `${date}T${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}${zone}`;
}
