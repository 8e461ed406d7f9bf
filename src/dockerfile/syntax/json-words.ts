import { TsbuildxError } from '../../base/errors.ts';
import { trimSpaceStart } from '../../base/go-unicode.ts';

/** Go's decoder refuses deeper nesting, and then the text is no JSON. */
const MAX_DEPTH = 10000;

/**
 * The strings of a JSON array; undefined when the text is no JSON array, so that it is taken for a shell line.
 * Throws when it is one, but not of strings only.
 */
export function parseJsonWords(rest: string): string[] | undefined {
  const text = trimSpaceStart(rest);
  if (!text.startsWith('[')) return undefined;
  const parsed = parse(text);
  if (parsed === undefined) return undefined;
  const words: string[] = [];
  for (const item of parsed) {
    if (typeof item === 'string') words.push(item.toWellFormed());
    else if (isBeyondGo(parsed, text)) return undefined;
    else {
      const message = 'when using JSON array syntax, arrays must be comprised of strings only';
      throw new TsbuildxError('DOCKERFILE', message);
    }
  }
  return words;
}

function parse(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined; // `[ -f x ]` and the like: a shell line
  }
}

/** Numbers out of range and deep nesting are errors to Go's decoder, but not to JSON.parse. */
function isBeyondGo(parsed: readonly unknown[], text: string): boolean {
  return hasInfinity(parsed) || nesting(text) > MAX_DEPTH;
}

function hasInfinity(root: readonly unknown[]): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value === Infinity || value === -Infinity) return true;
    if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) open.push(item);
  }
  return false;
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const ch = text[i];
    if (ch === '"') inString = !inString;
    else if (inString && ch === '\\') i++;
    else if (!inString && (ch === '[' || ch === '{')) deepest = Math.max(deepest, ++depth);
    else if (!inString && (ch === ']' || ch === '}')) depth--;
  }
  return deepest;
}
