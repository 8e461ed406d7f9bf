import type { UnixNano } from '../buildkit/control/index.ts';

/** RFC 3339 in UTC with as many digits of a second as it takes. */
export function timeField(time: UnixNano): string {
  const nanos = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = Number((time - nanos) / 1_000_000_000n);
  const whole = new Date(Math.min(Math.max(seconds, FIRST_SECOND), LAST_SECOND) * 1000).toISOString().slice(0, 19);
  const fraction = nanos === 0n ? '' : `.${nanos.toString().padStart(9, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction}Z`;
}

// The years 0 to 9999: no others can be written.
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;
