// Matches hclsyntax/parser.go ParseStringLiteralToken and hclsyntax/scan_string_lit.rl.
import { goQuote } from '../../../base/go-quote.ts';
import { emptyRange, type Position } from '../range.ts';
import { advance } from '../scan/columns.ts';
import type { Token } from '../scan/token.ts';
import type { TokenReader } from './token-reader.ts';

const SUMMARY = 'Invalid escape sequence';

/** A backslash with what it escapes, or a template sequence that is escaped by doubling its sign. */
const escape = /\\(?:u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|[^uU])?|\$\$\{|%%\{/gsu;
const sequence = /\$\$\{|%%\{/g;

const characters = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** The text that a quoted or unquoted literal stands for. */
export function stringLiteral(reader: TokenReader, token: Token): string {
  const isQuoted = token.type === 'quoted literal';
  if (!/[\\$%]/.test(token.text)) return token.text;
  // Faults are told in order: each begins its search for a position where the last one ended.
  let at: Position = token.range.start;
  let done = 0;
  return token.text.replace(isQuoted ? escape : sequence, (match: string, index: number) => {
    if (!match.startsWith('\\')) return match.slice(1);
    const result = unescape(match);
    if ('text' in result) return result.text;
    const start = advance(at, token.text.slice(done, index));
    at = advance(start, match);
    done = index + match.length;
    reader.report(SUMMARY, result.fault, { ...emptyRange(token.range.filename, start), end: at });
    return result.instead;
  });
}

type Unescaped = { readonly text: string } | { readonly fault: string; readonly instead: string };

function unescape(match: string): Unescaped {
  const selector = match.slice(1);
  const text = characters.get(selector);
  if (text !== undefined) return { text };
  if (selector === '')
    return { fault: 'Backslash must be followed by an escape sequence selector character.', instead: match };
  const kind = selector[0];
  if (kind !== 'u' && kind !== 'U')
    return { fault: `The symbol ${goQuote(selector)} is not a valid escape sequence selector.`, instead: selector };
  if (kind === 'u' && match.length !== 6)
    return { fault: 'The \\u escape sequence must be followed by four hexadecimal digits.', instead: match };
  if (kind === 'U' && match.length !== 10)
    return { fault: 'The \\U escape sequence must be followed by eight hexadecimal digits.', instead: match };
  const code = Number.parseInt(selector.slice(1), 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    const digits = code.toString(16).padStart(4, '0');
    return { fault: `Cannot encode character U+${digits} in UTF-8.`, instead: match };
  }
  return { text: String.fromCodePoint(code) };
}
