// Character classes as Go's regexp/syntax reads them with its Perl flags.

/** Characters by ranges of code points, or Unicode categories. */
export interface CharSet {
  readonly negated: boolean;
  /** Pairs of first and last code point. */
  readonly ranges: readonly number[];
  readonly also: readonly Category[];
}

interface Category {
  readonly regexp: RegExp;
  readonly negated: boolean;
}

export function setHas(set: CharSet, code: number): boolean {
  const { ranges } = set;
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    if (code >= (ranges[i] ?? 0) && code <= (ranges[i + 1] ?? 0)) return !set.negated;
  }
  for (const { regexp, negated } of set.also) {
    if (regexp.test(String.fromCodePoint(code)) !== negated) return !set.negated;
  }
  return set.negated;
}

export interface Parsed<T> {
  readonly value: T;
  readonly end: number;
}

const posix: ReadonlyMap<string, readonly number[]> = new Map(
  Object.entries({
    alnum: '09AZaz',
    alpha: 'AZaz',
    ascii: '\0\x7f',
    blank: '\t\t  ',
    cntrl: '\0\x1f\x7f\x7f',
    digit: '09',
    graph: '!~',
    lower: 'az',
    print: ' ~',
    punct: '!/:@[`{~',
    space: '\t\r  ',
    upper: 'AZ',
    word: '09AZaz__',
    xdigit: '09AFaf',
  }).map(([name, bounds]) => [name, Array.from(bounds, (ch) => ch.charCodeAt(0))]),
);

/** Perl's space has no vertical tab, unlike POSIX's. */
const perl: ReadonlyMap<string, readonly number[]> = new Map([
  ['d', [0x30, 0x39]],
  ['s', [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20]],
  ['w', [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a, 0x5f, 0x5f]],
]);

/** Go counts no unassigned characters among the C category. */
const categories: ReadonlyMap<string, RegExp> = new Map(
  ['L', 'M', 'N', 'P', 'S', 'Z'].map((name) => [name, new RegExp(`^\\p{${name}}$`, 'u')] as const),
).set('C', /^[\p{Cc}\p{Cf}\p{Co}\p{Cs}]$/u);

const LAST = 0x10ffff;

function complement(ranges: readonly number[]): number[] {
  const sorted: number[][] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) sorted.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
  sorted.sort(([a = 0], [b = 0]) => a - b);
  const out: number[] = [];
  let from = 0;
  for (const [low = 0, high = 0] of sorted) {
    if (low > from) out.push(from, low - 1);
    from = high + 1;
  }
  if (from <= LAST) out.push(from, LAST);
  return out;
}

/** A class in brackets; `start` is after the `[`. Undefined when it is malformed. */
export function parseClass(text: string, start: number): Parsed<CharSet> | undefined {
  const negated = text[start] === '^';
  let i = negated ? start + 1 : start;
  const ranges: number[] = [];
  const also: Category[] = [];
  for (let first = true; first || text[i] !== ']'; first = false) {
    const named = parseNamed(text, i);
    if (named === null) return undefined;
    const group = named ?? parseEscapedClass(text, i);
    if (group === null) return undefined;
    if (group !== undefined) {
      ranges.push(...group.value.ranges);
      also.push(...group.value.also);
      i = group.end;
      continue;
    }
    const low = parseClassChar(text, i);
    if (low === undefined) return undefined;
    let high = low;
    if (text[low.end] === '-' && low.end + 1 < text.length && text[low.end + 1] !== ']') {
      const bound = parseClassChar(text, low.end + 1);
      if (bound === undefined || bound.value < low.value) return undefined;
      high = bound;
    }
    ranges.push(low.value, high.value);
    i = high.end;
  }
  return { value: { negated, ranges, also }, end: i + 1 };
}

/** `[:name:]`: undefined when there is none, null when its name is unknown. */
function parseNamed(text: string, i: number): Parsed<CharSet> | undefined | null {
  if (!text.startsWith('[:', i)) return undefined;
  const close = text.indexOf(':]', i + 2);
  if (close < 0) return undefined;
  const negated = text[i + 2] === '^';
  const ranges = posix.get(text.slice(negated ? i + 3 : i + 2, close));
  if (ranges === undefined) return null;
  return { value: rangeSet(negated ? complement(ranges) : ranges), end: close + 2 };
}

function rangeSet(ranges: readonly number[]): CharSet {
  return { negated: false, ranges, also: [] };
}

/** `\d`, `\pL` and their like: undefined when there is none, null when it is malformed. */
export function parseEscapedClass(text: string, i: number): Parsed<CharSet> | undefined | null {
  if (text[i] !== '\\') return undefined;
  const letter = text[i + 1] ?? '';
  if (letter === 'p' || letter === 'P') {
    const regexp = categories.get(text[i + 2] ?? '');
    if (regexp === undefined) return null;
    return { value: { negated: false, ranges: [], also: [{ regexp, negated: letter === 'P' }] }, end: i + 3 };
  }
  const ranges = perl.get(letter.toLowerCase());
  if (ranges === undefined) return undefined;
  const isUpper = letter !== letter.toLowerCase();
  return { value: rangeSet(isUpper ? complement(ranges) : ranges), end: i + 2 };
}

function parseClassChar(text: string, i: number): Parsed<number> | undefined {
  if (text[i] === '\\') return parseEscape(text, i);
  const code = text.codePointAt(i);
  return code === undefined ? undefined : { value: code, end: i + (code > 0xffff ? 2 : 1) };
}

const controls: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

/** One escaped character; `i` is at the backslash. */
export function parseEscape(text: string, i: number): Parsed<number> | undefined {
  const ch = text[i + 1];
  if (ch === undefined) return undefined;
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text.slice(i + 1, i + 4))?.[0];
  if (octal !== undefined) return { value: Number.parseInt(octal, 8), end: i + 1 + octal.length };
  const hex = /^x([0-9A-Fa-f]{2})/.exec(text.slice(i + 1, i + 4))?.[1];
  if (hex !== undefined) return { value: Number.parseInt(hex, 16), end: i + 4 };
  const control = controls.get(ch);
  if (control !== undefined) return { value: control, end: i + 2 };
  return /[\0-\x7f]/.test(ch) && !/[0-9A-Za-z]/.test(ch) ? { value: ch.charCodeAt(0), end: i + 2 } : undefined;
}
