// Matches Go's text/template/parse/lex.go: the same tokens, the same refusals.
import { goQuote } from '../../../../base/go-quote.ts';
import { isDigit, isLetter, isPrintable } from '../../../../base/go-unicode.ts';
import type { Token, TokenKind } from './token.ts';

const LEFT = '{{';
const RIGHT = '}}';
const KEYWORDS: ReadonlySet<string> = new Set(
  '. block break continue define else end if nil range template with'.split(' '),
);

/** All tokens of a template. What cannot be read ends them with one of kind `error`, else the last one is `eof`. */
export function readTokens(text: string): readonly Token[] {
  const lexer = new Lexer(text);
  lexer.run();
  return lexer.tokens;
}

class Failure extends Error {}

class Lexer {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #start = 0;
  #at = 0;
  #line = 1;
  #startLine = 1;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    try {
      while (this.#readText()) if (this.#readLeft()) this.#readAction();
      this.#push('eof');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.tokens.push({ kind: 'error', text: error.message, at: this.#start, line: this.#startLine });
    }
  }

  /** False at the end of the template. */
  #readText(): boolean {
    const found = this.#text.indexOf(LEFT, this.#at);
    const end = found < 0 ? this.#text.length : found;
    const cut = found >= 0 && opensTrimming(this.#text, found + LEFT.length);
    this.#at = cut ? this.#start + trimmedEnd(this.#text.slice(this.#start, end)) : end;
    if (this.#at > this.#start) this.#push('text');
    this.#at = end;
    this.#skip();
    return found >= 0;
  }

  /** False when it was a comment. */
  #readLeft(): boolean {
    const marker = opensTrimming(this.#text, this.#at + LEFT.length) ? 2 : 0;
    if (this.#text.startsWith('/*', this.#at + LEFT.length + marker)) {
      this.#at += LEFT.length + marker;
      this.#skip();
      this.#readComment();
      return false;
    }
    this.#at += LEFT.length;
    this.#push('left delimiter');
    this.#at += marker;
    this.#skip();
    return true;
  }

  #readComment(): void {
    const end = this.#text.indexOf('*/', this.#at + 2);
    if (end < 0) throw new Failure('unclosed comment');
    this.#at = end + 2;
    const close = this.#closing();
    if (close === undefined) throw new Failure('comment ends before closing delimiter');
    this.#skip();
    this.#at += close;
    if (close > RIGHT.length) this.#skipSpaces();
    this.#skip();
  }

  #readAction(): void {
    for (let depth = 0; ; ) {
      const close = this.#closing();
      if (close !== undefined) {
        if (depth > 0) throw new Failure('unclosed left paren');
        return this.#readRight(close);
      }
      const char = this.#next();
      if (char === undefined) throw new Failure('unclosed action');
      if (isSpace(char)) this.#readSpace();
      else if (char === '(') depth += this.#push('left paren');
      else if (char === ')') {
        if (--depth < 0) throw new Failure('unexpected right paren');
        this.#push('right paren');
      } else this.#readWord(char);
    }
  }

  #readRight(length: number): void {
    const trims = length > RIGHT.length;
    this.#at += length - RIGHT.length;
    this.#skip();
    this.#at += RIGHT.length;
    this.#push('right delimiter');
    if (trims) this.#skipSpaces();
    this.#skip();
  }

  /** Spaces; the last one is left to a `-}}` behind it. */
  #readSpace(): void {
    while (isSpace(this.#peek() ?? '')) this.#next();
    if (!this.#text.startsWith(`-${RIGHT}`, this.#at)) return void this.#push('space');
    this.#at -= 1;
    if (this.#at > this.#start) this.#push('space');
  }

  #readWord(char: string): void {
    const following = this.#peek() ?? '';
    if (char === '=') this.#push('assign');
    else if (char === ':') {
      if (this.#next() !== '=') throw new Failure('expected :=');
      this.#push('declare');
    } else if (char === '|') this.#push('pipe');
    else if (char === '"') this.#readQuoted('"', 'string', 'unterminated quoted string');
    else if (char === "'") this.#readQuoted("'", 'character constant', 'unterminated character constant');
    else if (char === '`') this.#readRaw();
    else if (char === '$') this.#readName('variable');
    else if (char === '.' && !(following >= '0' && following <= '9') && following !== '') this.#readName('field');
    else if (/[.+\-0-9]/.test(char)) this.#readNumber(char);
    else if (isNamePart(char)) this.#readIdentifier();
    else if (char >= ' ' && char <= '~') this.#push('char');
    else throw new Failure(`unrecognized character in action: ${codePointText(char)}`);
  }

  #readName(kind: 'field' | 'variable'): void {
    if (this.#atTerminator()) return void this.#push(kind === 'field' ? 'keyword' : kind);
    this.#readNameParts();
    this.#push(kind);
  }

  #readIdentifier(): void {
    this.#readNameParts();
    const word = this.#text.slice(this.#start, this.#at);
    if (KEYWORDS.has(word)) this.#push('keyword');
    else this.#push(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  #readNameParts(): void {
    while (isNamePart(this.#peek() ?? '')) this.#next();
    if (!this.#atTerminator()) throw new Failure(`bad character ${codePointText(this.#peek())}`);
  }

  #atTerminator(): boolean {
    const char = this.#peek();
    if (char === undefined || isSpace(char) || '.,|:)('.includes(char)) return true;
    return this.#text.startsWith(RIGHT, this.#at);
  }

  #readQuoted(quote: string, kind: TokenKind, unterminated: string): void {
    for (let char = this.#next(); char !== quote; char = this.#next()) {
      const escaped = char === '\\' ? this.#next() : char;
      if (escaped === undefined || escaped === '\n') throw new Failure(unterminated);
    }
    this.#push(kind);
  }

  #readRaw(): void {
    for (let char = this.#next(); char !== '`'; char = this.#next()) {
      if (char === undefined) throw new Failure('unterminated raw quoted string');
    }
    this.#push('raw string');
  }

  #readNumber(first: string): void {
    this.#at -= first.length;
    this.#scanNumber();
    const sign = this.#peek();
    if (sign !== '+' && sign !== '-') return void this.#push('number');
    this.#scanNumber();
    if (this.#text[this.#at - 1] !== 'i') throw this.#badNumber();
    this.#push('complex');
  }

  #scanNumber(): void {
    const number =
      /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
    number.lastIndex = this.#at;
    this.#at += number.exec(this.#text)?.[0].length ?? 0;
    if (!isNamePart(this.#peek() ?? '')) return;
    this.#next();
    throw this.#badNumber();
  }

  #badNumber(): Failure {
    return new Failure(`bad number syntax: ${goQuote(this.#text.slice(this.#start, this.#at))}`);
  }

  /** How long the right delimiter here is, with the space and the `-` before it. */
  #closing(): number | undefined {
    if (this.#text.startsWith(RIGHT, this.#at)) return RIGHT.length;
    const trims = isSpace(this.#text[this.#at] ?? '') && this.#text.startsWith(`-${RIGHT}`, this.#at + 1);
    return trims ? RIGHT.length + 2 : undefined;
  }

  #peek(): string | undefined {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  #next(): string | undefined {
    const char = this.#peek();
    this.#at += char?.length ?? 0;
    return char;
  }

  #skipSpaces(): void {
    while (isSpace(this.#text[this.#at] ?? '')) this.#at++;
  }

  #push(kind: TokenKind): 1 {
    const text = this.#text.slice(this.#start, this.#at);
    this.tokens.push({ kind, text, at: this.#start, line: this.#startLine });
    this.#skip();
    return 1;
  }

  #skip(): void {
    for (const char of this.#text.slice(this.#start, this.#at)) if (char === '\n') this.#line++;
    this.#start = this.#at;
    this.#startLine = this.#line;
  }
}

function opensTrimming(text: string, at: number): boolean {
  return text[at] === '-' && isSpace(text[at + 1] ?? '');
}

function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isSpace(text[end - 1] ?? '')) end--;
  return end;
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}

function isNamePart(char: string): boolean {
  return char !== '' && (char === '_' || isLetter(char) || isDigit(char));
}

/** As Go's `%#U`: `U+0041 'A'`. */
function codePointText(char: string | undefined): string {
  if (char === undefined) return 'U+FFFFFFFFFFFFFFFF';
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return isPrintable(char) ? `U+${code} '${char}'` : `U+${code}`;
}
