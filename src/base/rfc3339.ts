// Matches Go's time.Parse(time.RFC3339): hours may have one digit, a fraction may begin with a comma.

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const SECOND = 1_000_000_000n;

/** Nanoseconds since the epoch of `2026-01-02T03:04:05.6+07:00`; undefined when it is no such time. */
export function parseRfc3339(text: string): bigint | undefined {
  const [match, year, month, day, hour, minute, second, fraction = '', sign, hours = '0', minutes = '0'] =
    TIME.exec(text) ?? [];
  if (match === undefined) return undefined;
  const fields = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  date.setUTCHours(h, mi, s);
  const isReal = date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  if (!isReal || Number(hours) > 24 || Number(minutes) > 60) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === '-' ? -1 : 1);
  const seconds = BigInt(date.getTime() / 1000 - offset);
  return seconds * SECOND + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}
