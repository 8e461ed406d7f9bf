// Matches hcl/didyoumean.go.
import { goQuote } from '../../base/go-quote.ts';
import { editDistance, suggest } from '../../base/suggest.ts';

/** Names further away than this are no typing errors. */
const MAX_DISTANCE = 2;

/** ` Did you mean "x"?` for the first name that is near to a mistyped one; nothing when none is. */
export function nameHint(given: string, names: Iterable<string>): string {
  for (const name of names) if (editDistance(given, name) <= MAX_DISTANCE) return hint(name);
  return '';
}

/** The same for names in no order: the nearest. */
export function nearestNameHint(given: string, names: Iterable<string>): string {
  const near = suggest(given, names, { caseSensitive: true, unordered: true });
  return near === undefined ? '' : hint(near);
}

function hint(name: string): string {
  return ` Did you mean ${goQuote(name)}?`;
}
