// Matches Go's time.Time.String, for times in UTC.

const SECOND = 1_000_000_000n;
/** Milliseconds around the epoch that a Date can stand for. */
const MAX_MS = 8_640_000_000_000_000n;

/** Nanoseconds since the epoch as Go prints a time: `2026-01-02 03:04:05.5 +0000 UTC`. */
export function formatGoTime(unixNano: bigint): string {
  const rest = ((unixNano % SECOND) + SECOND) % SECOND;
  const ms = ((unixNano - rest) / SECOND) * 1000n;
  const within = ms > MAX_MS ? MAX_MS : ms < -MAX_MS ? -MAX_MS : ms;
  const [day = '', time = ''] = new Date(Number(within)).toISOString().split('T');
  const fraction = String(rest).padStart(9, '0').replace(/0+$/, '');
  return `${day} ${time.slice(0, 8)}${fraction === '' ? '' : `.${fraction}`} +0000 UTC`;
}
