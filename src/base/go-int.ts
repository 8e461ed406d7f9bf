// Matches Go's strconv.ParseInt and ParseUint: plain digits of the base, an optional sign for signed numbers.
import { TsbuildxError } from './errors.ts';
import { goQuote } from './go-quote.ts';

/** A signed decimal number of that many bits (at most 32). Throws INVALID_ARGUMENT with Go's text. */
export function parseGoInt(text: string, bits: number): number {
  if (!/^[+-]?[0-9]+$/.test(text)) throw failure('ParseInt', text, 'invalid syntax');
  const value = Number(text);
  const limit = 2 ** (bits - 1);
  if (value < -limit || value >= limit) throw failure('ParseInt', text, 'value out of range');
  return value;
}

/** An unsigned number of that base (at most 10) and that many bits (at most 53); undefined when it is none. */
export function parseGoUint(text: string, base: number, bits: number): number | undefined {
  if (text === '') return undefined;
  let value = 0;
  for (const ch of text) {
    const digit = ch >= '0' && ch <= '9' ? Number(ch) : base;
    if (digit >= base) return undefined;
    value = value * base + digit;
    if (value >= 2 ** bits) return undefined;
  }
  return value;
}

function failure(call: string, text: string, why: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `strconv.${call}: parsing ${goQuote(text)}: ${why}`);
}
