// Matches BytesSize of github.com/docker/go-units: `%.4g` of the largest binary unit.
import { fixed } from '../../progress/index.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes in the largest binary unit that they fill, with four digits: `188.1GiB`, `512MiB`. */
export function binarySize(bytes: bigint): string {
  let size = Number(bytes);
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  const whole = String(Math.trunc(size)).length;
  return `${Number(fixed(size, Math.max(0, 4 - whole)))}${UNITS[unit] ?? ''}`;
}
