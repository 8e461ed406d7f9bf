// Matches BuildKit's util/suggest.
import { toLower, toUpper } from './go-unicode.ts';

/** Names further away than this are no typing errors. */
const MAX_DISTANCE = 2;

export interface SuggestOptions {
  readonly caseSensitive: boolean;
  /**
   * Of equally near options the one that begins more alike wins, not the first: for lists that the reference has in no
   * order, so that chance decides there.
   */
  readonly unordered?: boolean;
}

/** The option nearest to a mistyped value; undefined when none is near, or one is equal. */
export function suggest(value: string, options: Iterable<string>, how: SuggestOptions): string | undefined {
  const wanted = how.caseSensitive ? value : toLower(value);
  let best: string | undefined;
  let least = MAX_DISTANCE + 1;
  for (const raw of options) {
    const option = how.caseSensitive ? raw : toLower(raw);
    if (option === wanted) return undefined;
    const distance = editDistance(wanted, option);
    if (distance > least || distance > MAX_DISTANCE) continue;
    if (distance === least && best !== undefined && !(how.unordered && isMoreAlike(wanted, option, best))) continue;
    least = distance;
    best = option;
  }
  if (best === undefined || best === '') return undefined;
  return how.caseSensitive ? best : inCaseOf(value, best);
}

/** ` (did you mean x?)`, or nothing: what errors end with. */
export function didYouMean(value: string, options: Iterable<string>, how: SuggestOptions): string {
  const best = suggest(value, options, how);
  return best === undefined ? '' : ` (did you mean ${best}?)`;
}

function isMoreAlike(wanted: string, option: string, best: string): boolean {
  return commonPrefix(wanted, option) > commonPrefix(wanted, best);
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function inCaseOf(sample: string, text: string): string {
  if (sample === toLower(sample)) return toLower(text);
  return sample === toUpper(sample) ? toUpper(text) : text;
}

/** Levenshtein's distance, as far as it matters: anything above the limit is the limit plus one. */
export function editDistance(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const above = MAX_DISTANCE + 1;
  if (Math.abs(left.length - right.length) > MAX_DISTANCE) return above;
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (const [i, ch] of left.entries()) {
    const row = [i + 1];
    let least = i + 1;
    for (const [j, other] of right.entries()) {
      const substituted = (previous[j] ?? 0) + (ch === other ? 0 : 1);
      const cost = Math.min(substituted, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > MAX_DISTANCE) return above;
    previous = row;
  }
  return previous[right.length] ?? above;
}
