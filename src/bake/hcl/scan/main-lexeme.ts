// Tokens outside of templates: the longest match, as hclsyntax/scan_tokens.rl defines it.
import type { TokenType } from './token.ts';

/** A piece of source: what it is and where it ends. */
export interface Lexeme {
  readonly type: TokenType | 'space';
  readonly end: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Symbols of several characters; the longest wins. */
const symbols: readonly TokenType[] = ['...', '==', '!=', '>=', '<=', '&&', '||', '::', '=>'];

/** Symbols of one character. */
const signs: ReadonlyMap<string, TokenType> = new Map<string, TokenType>(
  (
    [
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '.',
      ',',
      '*',
      '/',
      '%',
      '+',
      '-',
      '=',
      '<',
      '>',
      '!',
      '?',
      ':',
    ] as readonly TokenType[]
  )
    .concat(['&', '|', '~', '^', ';', '`', "'"])
    .map((sign) => [sign, sign]),
);

/** The token at `at`, which is before the end. */
export function mainLexeme(text: string, at: number, comments: CommentEnds): Lexeme {
  const code = text.charCodeAt(at);
  if (code === 0x20 || code === 0x09) return { type: 'space', end: afterSpaces(text, at) };
  if (code === NEWLINE) return { type: 'newline', end: at + 1 };
  if (code === RETURN && text.charCodeAt(at + 1) === NEWLINE) return { type: 'newline', end: at + 2 };
  if (isDigit(code)) return { type: 'number', end: afterNumber(text, at) };
  const afterName = identifierEnd(text, at);
  if (afterName > at) return { type: 'identifier', end: afterName };
  if (code === 0x22) return { type: 'open quote', end: at + 1 };
  return commentLexeme(text, at, comments) ?? heredocLexeme(text, at) ?? symbolLexeme(text, at);
}

/** Where block comments end; remembers that there is no end further on, so that it is sought once. */
export class CommentEnds {
  readonly #text: string;
  #hasMore = true;

  constructor(text: string) {
    this.#text = text;
  }

  /** The position after the end of a block comment from `from` on; undefined when there is none. */
  after(from: number): number | undefined {
    if (!this.#hasMore) return undefined;
    const at = this.#text.indexOf('*/', from);
    if (at < 0) this.#hasMore = false;
    return at < 0 ? undefined : at + 2;
  }
}

function commentLexeme(text: string, at: number, comments: CommentEnds): Lexeme | undefined {
  if (text[at] === '#' || text.startsWith('//', at)) {
    const newline = text.indexOf('\n', at);
    return { type: 'comment', end: newline < 0 ? text.length : newline + 1 };
  }
  if (!text.startsWith('/*', at)) return undefined;
  const end = comments.after(at + 2);
  return end === undefined ? undefined : { type: 'comment', end };
}

/** `<<NAME` or `<<-NAME`, at the end of a line. */
function heredocLexeme(text: string, at: number): Lexeme | undefined {
  if (!text.startsWith('<<', at)) return undefined;
  const name = text[at + 2] === '-' ? at + 3 : at + 2;
  const end = identifierEnd(text, name);
  if (end === name) return undefined;
  const newline = text[end] === '\r' ? end + 1 : end;
  return text[newline] === '\n' ? { type: 'open heredoc', end: newline + 1 } : undefined;
}

function symbolLexeme(text: string, at: number): Lexeme {
  for (const symbol of symbols) if (text.startsWith(symbol, at)) return { type: symbol, end: at + symbol.length };
  if (text.startsWith('~}', at)) return { type: 'template end', end: at + 2 };
  const type = signs.get(text[at] ?? '');
  return type === undefined ? strayLexeme(text, at) : { type, end: at + 1 };
}

/** A character that nothing begins with, or a byte that is none. */
export function strayLexeme(text: string, at: number): { readonly type: TokenType; readonly end: number } {
  if (isBrokenAt(text, at)) return { type: 'bad UTF-8', end: at + 1 };
  return { type: 'invalid', end: at + widthAt(text, at) };
}

/** Whether a lone surrogate is at `at`: see base/go-bytes.ts. */
export function isBrokenAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0xd800 || code > 0xdfff) return false;
  return (text.codePointAt(at) ?? 0) <= 0xffff;
}

/** How many UTF-16 units the character takes. */
export function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function afterSpaces(text: string, at: number): number {
  let end = at + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code !== 0x20 && code !== 0x09) break;
  }
  return end;
}

/** A digit and whatever may continue a number; it does not end in a dot. */
function afterNumber(text: string, at: number): number {
  let end = at + 1;
  for (let i = at + 1; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) end = ++i;
    else if (code === 0x2e) i++;
    else if (code === 0x65 || code === 0x45) {
      const sign = text[i + 1];
      const digit = sign === '+' || sign === '-' ? i + 2 : i + 1;
      if (!isDigit(text.charCodeAt(digit))) break;
      end = i = digit + 1;
    } else break;
  }
  return end;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

const startsName = /^\p{ID_Start}$/u;
/** Joiners and middle dots are no parts of names in HCL's version of Unicode. */
const continuesName = /^(?!\u200c|\u200d|\u30fb|\uff65)\p{ID_Continue}$/u;

/** The end of the identifier at `at`, which is `at` when there is none. */
export function identifierEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 0x80) {
      const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
      if (!isLetter && (end === at || !(isDigit(code) || code === 0x2d))) break;
      end++;
    } else {
      const ch = String.fromCodePoint(text.codePointAt(end) ?? 0);
      if (!(end === at ? startsName : continuesName).test(ch)) break;
      end += ch.length;
    }
  }
  return end;
}
