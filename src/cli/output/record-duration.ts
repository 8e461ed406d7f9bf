// Matches buildx commands/history/utils.go formatDuration.

import { fixed } from '../../progress/index.ts';

const SECOND = 1_000_000_000;

/** Nanoseconds as `12.3s` or `4m  5s`. */
export function recordDuration(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds) / SECOND;
  if (seconds < 60) return `${fixed(seconds, 1)}s`;
  const whole = Math.trunc(seconds);
  return `${Math.trunc(whole / 60)}m ${String(whole % 60).padStart(2)}s`;
}
