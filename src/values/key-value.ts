import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';

/** The parts around the first `=`; the value is undefined without one. */
export function cut(text: string): readonly [key: string, value: string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * `KEY=VALUE` or `KEY`, later ones win; what a bare key means is the caller's: undefined leaves it out.
 * Throws INVALID_ARGUMENT for an empty key.
 */
export function parseKeyValues(
  values: readonly string[],
  bare: (key: string) => string | undefined,
): Record<string, string> {
  const result: [string, string][] = [];
  for (const text of values) {
    const [key, given] = cut(text);
    if (key === '') throw new TsbuildxError('INVALID_ARGUMENT', `invalid key-value pair ${goQuote(text)}: empty key`);
    const value = given ?? bare(key);
    if (value !== undefined) result.push([key, value]);
  }
  return Object.fromEntries(result);
}
