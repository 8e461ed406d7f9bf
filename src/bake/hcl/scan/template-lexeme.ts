// Tokens inside of templates: in quotes, in heredocs, and bare. Matches hclsyntax/scan_tokens.rl, with the places where
// its machine cuts literals: what `~` strips depends on them.
import { isBrokenAt, strayLexeme, widthAt } from './main-lexeme.ts';
import type { TokenType } from './token.ts';

export interface TemplateLexeme {
  readonly type: TokenType;
  readonly end: number;
  /** Of a literal in a heredoc: the next token begins a line. */
  readonly endsLine?: boolean;
}

/** The token at `at` within quotes. */
export function quotedLexeme(text: string, at: number): TemplateLexeme {
  const sequence = sequenceLexeme(text, at, 'quoted literal');
  if (sequence !== undefined) return sequence;
  if (text[at] === '"') return { type: 'close quote', end: at + 1 };
  if (isSign(text[at]) && at + 1 < text.length) return { type: 'quoted literal', end: at + 1 };
  const end = afterQuotedText(text, at);
  if (end > at) return { type: 'quoted literal', end };
  const newlines = afterNewlines(text, at);
  return newlines > at ? { type: 'quoted newline', end: newlines } : strayLexeme(text, at);
}

/**
 * The token at `at` of a heredoc, or of a template that is a source of its own; undefined where nothing fits: at a lone
 * carriage return, and at a sign that is the last character.
 */
export function unquotedLexeme(text: string, at: number): TemplateLexeme | undefined {
  if (isBrokenAt(text, at)) return { type: 'bad UTF-8', end: at + 1 };
  const sequence = sequenceLexeme(text, at, 'string literal');
  if (sequence !== undefined && sequence.type !== 'string literal') return sequence;
  if (sequence === undefined && isSign(text[at])) return afterSign(text, at);
  const end = sequence?.end ?? afterPlainText(text, at);
  const line = afterNewline(text, end);
  if (line > end) return { type: 'string literal', end: line, endsLine: true };
  return end > at ? { type: 'string literal', end } : undefined;
}

/** `${` or `%{`, or one of them escaped by doubling the sign, which is a literal. */
function sequenceLexeme(text: string, at: number, literal: TokenType): TemplateLexeme | undefined {
  const sign = text[at];
  if (sign !== '$' && sign !== '%') return undefined;
  if (text[at + 1] === '{') return { type: `${sign}{`, end: afterBrace(text, at + 1) };
  return text[at + 1] === sign && text[at + 2] === '{' ? { type: literal, end: afterBrace(text, at + 2) } : undefined;
}

function afterBrace(text: string, at: number): number {
  return text[at + 1] === '~' ? at + 2 : at + 1;
}

function isSign(ch: string | undefined): boolean {
  return ch === '$' || ch === '%';
}

/** A sign that begins no sequence is a literal alone; one more character belongs to it where the line ends after that. */
function afterSign(text: string, at: number): TemplateLexeme | undefined {
  if (at + 1 === text.length) return undefined;
  const isOneByte = text.charCodeAt(at + 1) < 0x80;
  if (isOneByte && text[at + 2] === '\n') return { type: 'string literal', end: at + 2, endsLine: true };
  if (isOneByte && text[at + 2] === '\r') return { type: 'string literal', end: at + 2 };
  return { type: 'string literal', end: at + 1 };
}

/** Anything but signs, quotes and newlines; a backslash takes the next character with it. */
function afterQuotedText(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const isEscape = text[end] === '\\';
    const from = isEscape ? end + 1 : end;
    if (from === text.length || isNewline(text.charCodeAt(from)) || isBrokenAt(text, from)) break;
    if (!isEscape && (isSign(text[from]) || text[from] === '"')) break;
    end = from + widthAt(text, from);
  }
  return end;
}

/** Anything but signs and newlines. */
function afterPlainText(text: string, at: number): number {
  let end = at;
  for (; end < text.length; end += widthAt(text, end)) {
    if (isSign(text[end]) || isNewline(text.charCodeAt(end)) || isBrokenAt(text, end)) break;
  }
  return end;
}

function afterNewlines(text: string, at: number): number {
  let end = at;
  while (isNewline(text.charCodeAt(end))) end++;
  return end;
}

function isNewline(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

/** The position after `\n` or `\r\n` at `at`; `at` when there is none. */
function afterNewline(text: string, at: number): number {
  if (text[at] === '\n') return at + 1;
  return text.startsWith('\r\n', at) ? at + 2 : at;
}
