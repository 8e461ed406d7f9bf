// Matches hcl/json/scanner.go.
import { firstPosition, type Position } from '../range.ts';
import { advance } from '../scan/columns.ts';
import type { JsonToken, JsonTokenType } from './json-token.ts';

const symbols = new Set<string>(['{', '}', '[', ']', ',', ':', '=']);

/** All tokens of a JSON text; scanning ends with the first character that begins none. */
export function scanJson(text: string, filename: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let position = firstPosition;
  for (;;) {
    position = skipSpace(text, position);
    const at = position.offset;
    const type = typeAt(text, at);
    if (type === undefined) {
      tokens.push({ type: 'end of file', text: '', range: { filename, start: position, end: position } });
      return tokens;
    }
    const start = position;
    const end = endOf(type, text, at);
    const own = text.slice(at, end);
    position =
      type === 'string' ? afterString(start, own) : { ...start, column: start.column + own.length, offset: end };
    tokens.push({ type, text: own, range: { filename, start, end: position } });
    if (type === 'invalid') {
      tokens.push({ type: 'end of file', text: '', range: { filename, start: position, end: position } });
      return tokens;
    }
  }
}

function typeAt(text: string, at: number): JsonTokenType | undefined {
  const ch = text[at];
  if (ch === undefined) return undefined;
  if (isSymbol(ch)) return ch;
  if (ch === '"') return 'string';
  if (/[-+.0-9]/.test(ch)) return 'number';
  return /[A-Za-z]/.test(ch) ? 'keyword' : 'invalid';
}

function isSymbol(ch: string): ch is '{' | '}' | '[' | ']' | ',' | ':' | '=' {
  return symbols.has(ch);
}

const number = /[-+.eE0-9]*/y;
const keyword = /[A-Za-z_]*/y;

function endOf(type: JsonTokenType, text: string, at: number): number {
  if (type === 'string') return stringEnd(text, at);
  if (type !== 'number' && type !== 'keyword') return at + 1;
  const pattern = type === 'number' ? number : keyword;
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex;
}

/** Behind the closing quote, or before a control character that may not stand in a string. */
function stringEnd(text: string, at: number): number {
  let isEscaped = false;
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20) return i;
    if (code === 0x22 && !isEscaped) return i + 1;
    isEscaped = code === 0x5c && !isEscaped;
  }
  return text.length;
}

/** Quotes and backslashes are columns of their own, whatever follows. */
function afterString(start: Position, own: string): Position {
  return own.split(/(["\\])/).reduce(advance, start);
}

/** A tab counts as two columns, a carriage return as none. */
function skipSpace(text: string, from: Position): Position {
  let { line, column, offset } = from;
  for (; offset < text.length; offset++) {
    const ch = text[offset];
    if (ch === ' ') column++;
    else if (ch === '\t') column += 2;
    else if (ch === '\n') {
      line++;
      column = 1;
    } else if (ch !== '\r') break;
  }
  return { line, column, offset };
}
