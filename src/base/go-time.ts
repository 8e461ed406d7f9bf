// Matches Go's time.Time: as it is printed, as JSON has it, and time.Parse(time.RFC3339), which takes hours of one digit and commas.

/** A point in time, and the zone that it is told in. */
export interface GoTime {
  /** Nanoseconds since the epoch. */
  readonly unixNano: bigint;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** `UTC`, `CEST`; empty when the zone has no name. */
  readonly zone: string;
}

const SECOND = 1_000_000_000n;
/** Seconds around the epoch that a Date can stand for. */
const MAX_SECONDS = 8_640_000_000_000n;
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

export function utcTime(unixNano: bigint): GoTime {
  return { unixNano, offset: 0, zone: 'UTC' };
}

/** `2026-01-02T03:04:05.6+07:00`; undefined when it is no such time. */
export function parseGoTime(text: string): GoTime | undefined {
  const [match, ...groups] = RFC3339.exec(text) ?? [];
  if (match === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = groups.map(Number);
  const [fraction = '', sign, hours = '0', minutes = '0'] = groups.slice(6);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || Number(hours) > 24 || Number(minutes) > 60) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  const seconds = BigInt(date.getTime() / 1000 - offset);
  const nanoseconds = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return { unixNano: seconds * SECOND + nanoseconds, offset, zone: text.endsWith('Z') ? 'UTC' : '' };
}

/** As Go prints a time: `2026-01-02 03:04:05.5 +0000 UTC`. */
export function formatGoTime({ unixNano, offset, zone }: GoTime): string {
  const [day, clock] = dayAndClock(unixNano, offset);
  const east = zoneOffset(offset, '');
  return `${day} ${clock} ${east} ${zone === '' ? east : zone}`;
}

/** As Go's JSON has times: `2026-01-02T03:04:05.5Z`. */
export function goTimeJson({ unixNano, offset }: GoTime): string {
  const [day, clock] = dayAndClock(unixNano, offset);
  return `${day}T${clock}${offset === 0 ? 'Z' : zoneOffset(offset, ':')}`;
}

function dayAndClock(unixNano: bigint, offset: number): readonly [day: string, clock: string] {
  const rest = ((unixNano % SECOND) + SECOND) % SECOND;
  const seconds = (unixNano - rest) / SECOND + BigInt(offset);
  const within = seconds > MAX_SECONDS ? MAX_SECONDS : seconds < -MAX_SECONDS ? -MAX_SECONDS : seconds;
  const [day = '', time = ''] = new Date(Number(within) * 1000).toISOString().split('T');
  const fraction = String(rest).padStart(9, '0').replace(/0+$/, '');
  return [day, `${time.slice(0, 8)}${fraction === '' ? '' : `.${fraction}`}`];
}

function zoneOffset(offset: number, colon: string): string {
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}${colon}${two(minutes % 60)}`;
}
