// Numbers as Go's fmt prints them.

/** `%.<digits>f`: exact halves go to the even neighbour, where toFixed would go up. */
export function fixed(value: number, digits: number): string {
  const halves = value * 2 * 10 ** digits;
  // Only what comes out as an odd number of halves can be one; to be sure takes long.
  if (halves % 2 !== 1 && halves % 2 !== -1) return value.toFixed(digits);
  const exact = value.toFixed(digits + 30);
  const cut = exact.length - 30;
  if (exact.slice(cut) !== `5${'0'.repeat(29)}`) return value.toFixed(digits);
  const kept = exact.slice(0, cut).replace(/\.$/, '');
  if (Number(kept.at(-1)) % 2 === 1) return value.toFixed(digits);
  return kept;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/** A size in the largest decimal unit that it fills, `1.98MB`; plain bytes below that. */
export function byteSize(bytes: bigint): string {
  const size = Number(bytes < 0n ? -bytes : bytes);
  let unit = 0;
  let base = 1;
  while (unit < UNITS.length - 1 && size >= base * 1000) {
    base *= 1000;
    unit++;
  }
  return unit === 0 ? `${bytes}B` : `${fixed(Number(bytes) / base, 2)}${UNITS[unit]}`;
}

/** How far a transfer is, `1.05MB / 39.84MB`; empty when nothing is known. */
export function transferred(status: { readonly current: bigint; readonly total: bigint }): string {
  if (status.total !== 0n) return `${byteSize(status.current)} / ${byteSize(status.total)}`;
  return status.current === 0n ? '' : byteSize(status.current);
}
