import { editDistance, suggest } from '../../base/suggest.ts';

/** ` (did you mean x?)` for a name that is nearly one of those, by more than half of it; else nothing. */
export function nearName(name: string, names: readonly string[]): string {
  const near = suggest(name, names, { caseSensitive: false, unordered: true });
  if (near === undefined || /[*?[\]]/.test(name)) return '';
  const isAlike = editDistance(name.toLowerCase(), near.toLowerCase()) * 2 < near.length;
  return isAlike ? ` (did you mean ${near}?)` : '';
}
