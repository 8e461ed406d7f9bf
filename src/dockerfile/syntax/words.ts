// Matches frontend/dockerfile/parser/{split_command,line_parsers}.go: how a line falls into words.
import { decodeBytes, encodeBytes } from '../../base/go-bytes.ts';
import { isSpace } from '../../base/go-unicode.ts';
import type { EscapeToken } from '../shell/index.ts';

/** The text before and after the first run of blanks; the second is undefined when there is none. */
export function splitBlank(text: string): [first: string, rest: string | undefined] {
  let end = 0;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  if (end === text.length) return [text, undefined];
  let next = end;
  while (next < text.length && isBlank(text.charCodeAt(next))) next++;
  return [text.slice(0, end), text.slice(next)];
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || (code >= 0x0b && code <= 0x0d);
}

/** Words as the shell sees them, quotes and escapes kept for later. */
export function splitWords(text: string, escape: EscapeToken): string[] {
  const rest = text.toWellFormed();
  const words: string[] = [];
  let at = 0;
  while (at < rest.length) {
    if (isSpace(rest.charCodeAt(at))) {
      at++;
      continue;
    }
    const { word, end } = readWord(rest, at, escape);
    if (word !== '') words.push(word);
    at = end;
  }
  return words;
}

function readWord(rest: string, start: number, escape: EscapeToken): { word: string; end: number } {
  const last = rest.length - 1;
  let quote = '';
  for (let at = start; at <= last; at++) {
    const ch = rest[at] ?? '';
    if (ch === escape && quote !== "'") {
      // An escape token that ends the line is dropped.
      if (at === last) return { word: rest.slice(start, last), end: rest.length };
      at++;
    } else if (quote !== '') {
      if (ch === quote) quote = '';
    } else if (ch === '"' || ch === "'") {
      quote = ch;
    } else if (isSpace(ch.charCodeAt(0))) {
      return { word: rest.slice(start, at), end: at };
    }
  }
  return { word: rest.slice(start), end: rest.length };
}

/**
 * Takes the leading `--flag` words off, their quotes and escapes resolved. The reference goes byte by byte here,
 * so that a character beyond ASCII in a flag comes out as its bytes.
 */
export function splitFlags(tail: string, escape: EscapeToken): { flags: string[]; rest: string } {
  if (!mayHaveFlags(tail)) return { flags: [], rest: tail };
  const line = asBytes(tail);
  const flags: string[] = [];
  let at = 0;
  while (true) {
    while (at < line.length && isByteSpace(line.charCodeAt(at))) at++;
    if (!line.startsWith('--', at)) return { flags, rest: fromBytes(line.slice(at)) };
    const { word, end } = readFlag(line, at, escape);
    at = end;
    if (word === '--') return { flags, rest: fromBytes(line.slice(at)) };
    flags.push(word);
  }
}

/** False for nearly every line, at the cost of one look. The stray bytes 0x85 and 0xA0 are spaces here. */
function mayHaveFlags(tail: string): boolean {
  const first = tail.charCodeAt(0);
  return first === 0x2d || first === 0x0a || first === 0xdc85 || first === 0xdca0;
}

function readFlag(line: string, start: number, escape: EscapeToken): { word: string; end: number } {
  let word = '';
  let quote = '';
  let at = start;
  for (; at < line.length; at++) {
    const ch = line[at] ?? '';
    if (ch === quote) quote = '';
    else if (quote === '' && isByteSpace(ch.charCodeAt(0))) break;
    else if (quote === '' && (ch === '"' || ch === "'")) quote = ch;
    else if (ch !== escape) word += ch;
    else if (++at < line.length) word += line[at] ?? '';
  }
  return { word, end: at };
}

/** The bytes of the text, one a UTF-16 unit. */
export function asBytes(text: string): string {
  return isAscii(text) ? text : Array.from(encodeBytes(text), (byte) => String.fromCharCode(byte)).join('');
}

/** The reverse of `asBytes`. */
export function fromBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : decodeBytes(Uint8Array.from(bytes, (ch) => ch.charCodeAt(0)));
}

/** Go's unicode.IsSpace on a single byte. */
export function isByteSpace(byte: number): boolean {
  return byte <= 0xff && isSpace(byte);
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
