import type { UnixNano } from '../buildkit/control/index.ts';

/** A span of time in which a step ran; without `stop` it still runs. By the clock of whoever ran it. */
export interface Interval {
  readonly start: UnixNano;
  readonly stop?: UnixNano | undefined;
  /** How far this machine's clock is ahead of that one: what a daemon calls now may be hours away. */
  readonly ahead: bigint;
}

/** Joins what overlaps or touches, in order of start. An interval without end takes in all that come after it. */
export function mergeIntervals(intervals: Iterable<Interval>): Interval[] {
  const sorted = [...intervals].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.stop !== undefined && last.stop < next.start)) {
      merged.push(next);
      continue;
    }
    if (last.stop === undefined) break;
    if (next.stop === undefined || next.stop > last.stop) merged[merged.length - 1] = { ...next, start: last.start };
  }
  return merged;
}

/** Seconds that the intervals take together; those without end last until this machine's `now`. */
export function totalSeconds(intervals: readonly Interval[], now: UnixNano): number {
  return intervals.reduce((sum, { start, stop, ahead }) => sum + seconds((stop ?? now - ahead) - start), 0);
}

/** Nanoseconds as seconds. */
export function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
