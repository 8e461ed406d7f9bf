// Clocks of daemons may be far off: what they tell is put on ours. Matches util/progress/reset.go of buildx, but leaves a
// clock alone that may be right.
import type { SolveStatus, UnixNano } from '../buildkit/control/index.ts';
import type { StatusReader } from './follow-status.ts';

const tolerance = 1_000_000_000n;

/**
 * Passes status on with times of this machine's clock.
 * @param now this machine's clock; its first time is when the build begins
 */
export function onOwnClock(onStatus: StatusReader, now: () => UnixNano): StatusReader {
  const began = now();
  let ahead: bigint | undefined;
  return (status) => {
    ahead ??= aheadOf(status, began, now);
    return onStatus(ahead === undefined || ahead === 0n ? status : shifted(status, ahead));
  };
}

/** How far the daemon's clock is ahead, from the first step that started; 0 when that may have been when it says. */
function aheadOf({ vertexes }: SolveStatus, began: UnixNano, now: () => UnixNano): bigint | undefined {
  const started = vertexes.find((vertex) => vertex.started !== undefined)?.started;
  if (started === undefined) return undefined;
  return began - tolerance < started && started < now() + tolerance ? 0n : started - began;
}

function shifted({ vertexes, statuses, logs, warnings }: SolveStatus, ahead: bigint): SolveStatus {
  const own = (time: UnixNano | undefined): UnixNano | undefined => (time === undefined ? undefined : time - ahead);
  return {
    vertexes: vertexes.map((vertex) => ({
      ...vertex,
      started: own(vertex.started),
      completed: own(vertex.completed),
    })),
    statuses: statuses.map((status) => ({
      ...status,
      timestamp: status.timestamp - ahead,
      started: own(status.started),
      completed: own(status.completed),
    })),
    logs: logs.map((log) => ({ ...log, timestamp: log.timestamp - ahead })),
    warnings,
  };
}
