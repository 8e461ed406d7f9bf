// Matches Go's path/filepath Match on Unix, with its lazy finding of syntax errors.

/** Whether `name` matches the shell pattern; undefined when the pattern is malformed, as far as it was looked at. */
export function matchFileName(pattern: string, name: string): boolean | undefined {
  while (pattern.length > 0) {
    const { star, chunk, rest } = scanChunk(pattern);
    if (star && chunk === '') return !name.includes('/');
    pattern = rest;
    const here = matchChunk(chunk, name);
    if (typeof here === 'string' && (here === '' || pattern !== '')) {
      name = here;
      continue;
    }
    if (here === MALFORMED) return undefined;
    const after = star ? matchLater(chunk, name, pattern === '') : false;
    if (after === MALFORMED) return undefined;
    if (after === false) return false;
    name = after;
  }
  return name === '';
}

/** What a star and the chunk after it leave of `name`, skipping as little as possible and no slash. */
function matchLater(chunk: string, name: string, last: boolean): ChunkResult {
  for (let i = 0; i < name.length && name[i] !== '/'; i++) {
    const rest = matchChunk(chunk, name.slice(i + 1));
    if (rest === MALFORMED) return rest;
    if (rest !== false && (!last || rest === '')) return rest;
  }
  return false;
}

/** The stars at the start, and all up to the next star that is not in brackets. */
function scanChunk(pattern: string): { star: boolean; chunk: string; rest: string } {
  let start = 0;
  while (pattern[start] === '*') start++;
  let inRange = false;
  let i = start;
  scan: for (; i < pattern.length; i++) {
    switch (pattern[i]) {
      case '\\':
        if (i + 1 < pattern.length) i++;
        break;
      case '[':
        inRange = true;
        break;
      case ']':
        inRange = false;
        break;
      case '*':
        if (!inRange) break scan;
        break;
      default:
    }
  }
  return { star: start > 0, chunk: pattern.slice(start, i), rest: pattern.slice(i) };
}

const MALFORMED = Symbol('malformed');
/** The rest of the name, or false when it does not match. */
type ChunkResult = string | false | typeof MALFORMED;

function matchChunk(chunk: string, name: string): ChunkResult {
  let failed = false;
  let i = 0;
  let at = 0;
  while (i < chunk.length) {
    failed ||= at >= name.length;
    const code: number = failed ? 0 : (name.codePointAt(at) ?? 0);
    const width = code > 0xffff ? 2 : 1;
    switch (chunk[i]) {
      case '[': {
        const range = matchRange(chunk, i + 1, code);
        if (range === undefined) return MALFORMED;
        failed ||= !range.matched;
        i = range.end;
        break;
      }
      case '?':
        failed ||= name[at] === '/';
        i++;
        break;
      default: {
        if (chunk[i] === '\\' && ++i >= chunk.length) return MALFORMED;
        const want = chunk.codePointAt(i) ?? 0;
        failed ||= want !== code;
        i += want > 0xffff ? 2 : 1;
      }
    }
    at += width;
  }
  return failed ? false : name.slice(at);
}

function matchRange(chunk: string, start: number, code: number): { matched: boolean; end: number } | undefined {
  const negated = chunk[start] === '^';
  let i = negated ? start + 1 : start;
  let matched = false;
  for (let count = 0; !(chunk[i] === ']' && count > 0); count++) {
    const low = rangeChar(chunk, i);
    if (low === undefined) return undefined;
    let high = low;
    if (chunk[low.end] === '-') {
      const bound = rangeChar(chunk, low.end + 1);
      if (bound === undefined) return undefined;
      high = bound;
    }
    if (low.code <= code && code <= high.code) matched = true;
    i = high.end;
  }
  return { matched: matched !== negated, end: i + 1 };
}

/** One character in brackets; something must follow it. */
function rangeChar(chunk: string, i: number): { code: number; end: number } | undefined {
  if (chunk[i] === '-' || chunk[i] === ']') return undefined;
  if (chunk[i] === '\\') i++;
  const code = chunk.codePointAt(i);
  if (code === undefined) return undefined;
  const end = i + (code > 0xffff ? 2 : 1);
  return end < chunk.length ? { code, end } : undefined;
}
