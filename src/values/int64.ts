import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';

/** A decimal number of 64 bits, with Go's error texts (strconv.ParseInt). Throws INVALID_ARGUMENT. */
export function parseInt64(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw invalid(text, 'invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  if (BigInt.asIntN(64, value) !== value) throw invalid(text, 'value out of range');
  return value;
}

function invalid(text: string, why: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `strconv.ParseInt: parsing ${goQuote(text)}: ${why}`);
}
