// Matches HumanDuration of github.com/docker/go-units.
const SECOND = 1_000_000_000;

/** Nanoseconds in words: `4 hours`, `About a minute`. */
export function humanDuration(nanoseconds: bigint): string {
  const seconds = Math.trunc(Number(nanoseconds) / SECOND);
  const minutes = Math.trunc(seconds / 60);
  const exactHours = Number(nanoseconds) / SECOND / 3600;
  const hours = Math.trunc(exactHours + 0.5);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(Math.trunc(exactHours) / 24 / 365)} years`;
}
