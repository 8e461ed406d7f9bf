// Times and sizes as pages show them.

/** Milliseconds: `30 µs`, `0.4 ms`, `85 ms`, `1.25 s`, `42.0 s`, `3m 07s`, `1h 02m`. */
export function timeText(ms: number): string {
  if (ms < 0) return `−${timeText(-ms)}`;
  if (ms === 0) return '0 s';
  if (ms < 0.0995) return `${Math.round(ms * 1000)} µs`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return seconds < 3600
    ? `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`
    : `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes: `512 B`, `4.2 MB`. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `12 %` of a whole; empty of nothing. */
export function shareText(part: number, whole: number): string {
  return whole <= 0 ? '' : `${Math.round((part / whole) * 100)} %`;
}

/** `1 step`, `2 steps`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Milliseconds since the epoch: `2026-11-26 17:12:05 UTC`. */
export function dateText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Nanoseconds as milliseconds, in which pages count. */
export function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}
