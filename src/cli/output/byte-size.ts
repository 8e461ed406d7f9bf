// Matches BytesSize and HumanSize of github.com/docker/go-units: `%.4g` of the largest unit.
import { fixed } from '../../progress/index.ts';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;
const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** Bytes in the largest binary unit that they fill, with four digits: `188.1GiB`, `512MiB`. */
export function binarySize(bytes: bigint): string {
  return inUnits(Number(bytes), 1024, BINARY);
}

/** Bytes in the largest decimal unit that they fill, with four digits: `188.1GB`, `4.096kB`. */
export function decimalSize(bytes: bigint): string {
  return inUnits(Number(bytes), 1000, DECIMAL);
}

function inUnits(bytes: number, base: number, units: readonly string[]): string {
  let size = bytes;
  let unit = 0;
  while (size >= base && unit < units.length - 1) {
    size /= base;
    unit++;
  }
  const whole = String(Math.trunc(size)).length;
  return `${Number(fixed(size, Math.max(0, 4 - whole)))}${units[unit] ?? ''}`;
}
