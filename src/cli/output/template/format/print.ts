// Matches Sprint and Sprintln of Go's fmt.
import type { GoValue } from '../values/go-value.ts';
import { PLAIN } from './flags.ts';
import { formatArgument } from './verb.ts';

/** One value as `%v`. */
export function printed(value: GoValue | undefined): string {
  return formatArgument(value, 'v', PLAIN);
}

/** All values; a space stands between two of which neither is a string. */
export function printedTogether(values: readonly (GoValue | undefined)[]): string {
  let out = '';
  for (const [at, value] of values.entries()) {
    const isApart = at > 0 && value?.kind !== 'string' && values[at - 1]?.kind !== 'string';
    out += (isApart ? ' ' : '') + printed(value);
  }
  return out;
}

/** All values with spaces between them, and a newline. */
export function printedLine(values: readonly (GoValue | undefined)[]): string {
  return `${values.map(printed).join(' ')}\n`;
}
