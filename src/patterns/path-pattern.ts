// Matches the translation of github.com/moby/patternmatcher: a path pattern is first written as a regular expression of
// Go, then that is read. Brackets, escapes and stars thus mean what the two steps together make of them.
import { assertNever } from '../base/errors.ts';
import { type CharSet, parseClass, parseEscape, parseEscapedClass } from './char-set.ts';
import { type Element, Program } from './program.ts';

/** How a pattern is applied to a path. */
export type PathTest =
  | { readonly kind: 'exact'; readonly path: string }
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** `**` and a literal: a path that ends so, or is just that without its leading slash. */
  | { readonly kind: 'suffix'; readonly suffix: string }
  | { readonly kind: 'program'; readonly program: Program }
  | { readonly kind: 'malformed' };

const NOT_SLASH: CharSet = { negated: true, ranges: [0x2f, 0x2f], also: [] };
const NOT_NEWLINE: CharSet = { negated: true, ranges: [0x0a, 0x0a], also: [] };
const DIRECTORIES = '(.*/)?';

/** Compiles a cleaned pattern. */
export function compilePath(pattern: string): PathTest {
  const { regexp, type } = translate(pattern);
  switch (type) {
    case 'exact':
      return { kind: 'exact', path: pattern };
    case 'prefix':
      return { kind: 'prefix', prefix: pattern.slice(0, -2) };
    case 'suffix':
      return { kind: 'suffix', suffix: pattern.slice(2) };
    case 'regexp': {
      const elements = readRegexp(`${regexp}$`);
      return elements === undefined ? { kind: 'malformed' } : { kind: 'program', program: new Program(elements) };
    }
    default:
      return assertNever(type);
  }
}

function translate(pattern: string): { regexp: string; type: 'exact' | 'prefix' | 'suffix' | 'regexp' } {
  let regexp = '^';
  let type: 'exact' | 'prefix' | 'suffix' | 'regexp' = 'exact';
  // Go's scanner drops a byte order mark at the start.
  const chars = Array.from(pattern.startsWith('\ufeff') ? pattern.slice(1) : pattern);
  let i = 0;
  while (i < chars.length) {
    const first = i === 0;
    const ch = chars[i++] ?? '';
    if (ch === '*' && chars[i] === '*') {
      i++;
      if (chars[i] === '/') i++;
      if (i < chars.length) {
        regexp += DIRECTORIES;
        type = 'regexp';
      } else if (type === 'exact') {
        type = 'prefix';
      } else {
        regexp += '.*';
        type = 'regexp';
      }
      if (first) type = 'suffix';
    } else if (ch === '*' || ch === '?') {
      regexp += ch === '*' ? '[^/]*' : '[^/]';
      type = 'regexp';
    } else if ('.+()|{}$'.includes(ch)) {
      regexp += `\\${ch}`;
    } else if (ch === '\\' && i < chars.length) {
      regexp += `\\${chars[i++] ?? ''}`;
      type = 'regexp';
    } else {
      if (ch === '[' || ch === ']') type = 'regexp';
      regexp += ch;
    }
  }
  return { regexp, type };
}

/** Reads what `translate` can write; undefined when Go would refuse it. */
function readRegexp(regexp: string): Element[] | undefined {
  const elements: Element[] = [];
  for (let i = 0; i < regexp.length; ) {
    const read = readElement(regexp, i);
    if (read === undefined) return undefined;
    // Several of these in a row are as good as one.
    const repeated = read.elements[0]?.kind === 'directories' && elements.at(-1)?.kind === 'directories';
    if (!repeated) for (const element of read.elements) elements.push(element);
    i = read.end;
  }
  return elements;
}

interface Read {
  readonly elements: readonly Element[];
  readonly end: number;
}

function readElement(regexp: string, i: number): Read | undefined {
  const code = regexp.codePointAt(i) ?? 0;
  switch (regexp[i]) {
    case '^':
      return { elements: [{ kind: 'assert', at: 'begin' }], end: i + 1 };
    case '$':
      return { elements: [{ kind: 'assert', at: 'end' }], end: i + 1 };
    case '(':
      return { elements: [{ kind: 'directories' }], end: i + DIRECTORIES.length };
    case '.':
      return { elements: [{ kind: 'repeat', set: NOT_NEWLINE }], end: i + 2 };
    case '[':
      return readClass(regexp, i);
    case '\\':
      return readEscape(regexp, i);
    default:
      return { elements: [{ kind: 'char', code }], end: i + (code > 0xffff ? 2 : 1) };
  }
}

function readClass(regexp: string, i: number): Read | undefined {
  if (regexp.startsWith('[^/]', i)) {
    return regexp[i + 4] === '*'
      ? { elements: [{ kind: 'repeat', set: NOT_SLASH }], end: i + 5 }
      : { elements: [{ kind: 'set', set: NOT_SLASH }], end: i + 4 };
  }
  const parsed = parseClass(regexp, i + 1);
  if (parsed === undefined) return undefined;
  const { value: set, end } = parsed;
  return regexp[end] === '*'
    ? { elements: [{ kind: 'repeat', set }], end: end + 1 }
    : { elements: [{ kind: 'set', set }], end };
}

function readEscape(regexp: string, i: number): Read | undefined {
  switch (regexp[i + 1]) {
    case 'A':
      return { elements: [{ kind: 'assert', at: 'begin' }], end: i + 2 };
    case 'z':
      return { elements: [{ kind: 'assert', at: 'end' }], end: i + 2 };
    case 'b':
      return { elements: [{ kind: 'assert', at: 'word' }], end: i + 2 };
    case 'B':
      return { elements: [{ kind: 'assert', at: 'notWord' }], end: i + 2 };
    case 'Q': {
      const close = regexp.indexOf('\\E', i + 2);
      const literal = regexp.slice(i + 2, close < 0 ? undefined : close);
      const elements = Array.from(literal, (ch): Element => ({ kind: 'char', code: ch.codePointAt(0) ?? 0 }));
      return { elements, end: close < 0 ? regexp.length : close + 2 };
    }
    default: {
      const group = parseEscapedClass(regexp, i);
      if (group === null) return undefined;
      if (group !== undefined) return { elements: [{ kind: 'set', set: group.value }], end: group.end };
      const escaped = parseEscape(regexp, i);
      return escaped && { elements: [{ kind: 'char', code: escaped.value }], end: escaped.end };
    }
  }
}
