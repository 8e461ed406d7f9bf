/**
 * A time for Node's utimes calls, to about a quarter of a microsecond: they take no nanoseconds.
 * As a number, what is before 1970 would count as now.
 */
export function fileTime(seconds: number): number | string {
  return seconds < 0 ? String(seconds) : seconds;
}

/** Seconds since the epoch. */
export function toSeconds(nanoseconds: bigint): number {
  const rest = nanoseconds % 1_000_000_000n;
  return Number((nanoseconds - rest) / 1_000_000_000n) + Number(rest) / 1e9;
}
