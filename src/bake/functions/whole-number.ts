// Matches gocty.FromCtyValue for Go's int.
import { TsbuildxError } from '../../base/errors.ts';
import type { Value } from '../cty/index.ts';

/** A whole number of 64 signed bits. Throws INVALID_ARGUMENT for all others. */
export function int64Of(value: Value): bigint {
  const integer = value.asNumber().toInt64();
  if (integer !== undefined) return integer;
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    'value must be a whole number, between -9223372036854775808 and 9223372036854775807',
  );
}

/** As `int64Of`, for counts and indices: beyond 2^53 the nearest number. */
export function wholeNumber(value: Value): number {
  return Number(int64Of(value));
}
