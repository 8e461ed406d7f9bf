/** The system takes a limited number of pieces in one write. */
export const MAX_PIECES = 512;

/** What is left of pieces when their first bytes are written. */
export function withoutBytes(pieces: readonly Uint8Array[], written: number): Uint8Array[] {
  let rest = written;
  let i = 0;
  for (; i < pieces.length; i++) {
    const size = pieces[i]?.length ?? 0;
    if (size > rest) break;
    rest -= size;
  }
  const left = pieces.slice(i);
  if (rest > 0 && left[0] !== undefined) left[0] = left[0].subarray(rest);
  return left;
}
