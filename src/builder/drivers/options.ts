// Driver options that several drivers have.
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { InstanceNode } from '../store/index.ts';

export function invalidOption(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** Throws INVALID_ARGUMENT. */
export function boolOption(text: string): boolean {
  const value = parseGoBool(text);
  if (value === undefined) throw invalidOption(`strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
  return value;
}

/** Whether images go into the engine when no output is given. Throws INVALID_ARGUMENT. */
export function defaultLoadOf({ driverOpts }: InstanceNode): boolean {
  const text = driverOpts['default-load'];
  return text === undefined ? false : boolOption(text);
}
