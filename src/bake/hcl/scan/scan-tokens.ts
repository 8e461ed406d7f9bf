// Matches hclsyntax/scan_tokens.rl.
import { trimSpace } from '../../../base/go-unicode.ts';
import type { Position } from '../range.ts';
import { advance } from './columns.ts';
import { CommentEnds, mainLexeme } from './main-lexeme.ts';
import { quotedLexeme, unquotedLexeme } from './template-lexeme.ts';
import type { Token, TokenType } from './token.ts';

export interface ScanOptions {
  readonly filename: string;
  /** Where the text stands in its file. */
  readonly start: Position;
  /** The text is a template as it stands between quotes, not expressions. */
  readonly isTemplate?: boolean;
}

/** All tokens of a text, the last one is its end. Every text has tokens; what is wrong with it shows in their types. */
export function scanTokens(text: string, options: ScanOptions): Token[] {
  // A byte order mark takes no column.
  const isMarked = text.startsWith('\ufeff');
  const start = isMarked ? { ...options.start, offset: options.start.offset + 1 } : options.start;
  return new TokenScanner(isMarked ? text.slice(1) : text, { ...options, start }).scan();
}

/** Where in the language the scanner is. */
type Mode = 'main' | 'quoted' | 'heredoc' | 'bare';

interface Heredoc {
  readonly name: string;
  isLineStart: boolean;
}

class TokenScanner {
  readonly #text: string;
  readonly #filename: string;
  readonly #base: number;
  readonly #comments: CommentEnds;
  readonly #tokens: Token[] = [];
  /** The outer modes, to go back to. */
  readonly #modes: Mode[] = [];
  /** Depth of braces at which the template sequences began that are open. */
  readonly #sequences: number[] = [];
  readonly #heredocs: Heredoc[] = [];
  #mode: Mode;
  #braces = 0;
  #at = 0;
  #position: Position;

  constructor(text: string, { filename, start, isTemplate }: ScanOptions) {
    this.#text = text;
    this.#filename = filename;
    this.#base = start.offset;
    this.#position = start;
    this.#comments = new CommentEnds(text);
    this.#mode = isTemplate === true ? 'bare' : 'main';
  }

  scan(): Token[] {
    while (this.#at < this.#text.length) {
      if (this.#mode === 'main') this.#scanMain();
      else if (this.#mode === 'quoted') this.#scanQuoted();
      else this.#scanUnquoted();
    }
    this.#emit('end of file', this.#at);
    return this.#tokens;
  }

  #scanMain(): void {
    const { type, end } = mainLexeme(this.#text, this.#at, this.#comments);
    if (type === 'space') {
      this.#at = end;
      return;
    }
    const isSequenceEnd = (type === '}' || type === 'template end') && this.#sequences.at(-1) === this.#braces;
    const token = this.#emit(isSequenceEnd ? 'template end' : type, end);
    if (type === '{') this.#braces++;
    else if (type === '}' || type === 'template end') this.#braces--;
    else if (type === 'open quote') this.#enter('quoted');
    else if (type === 'open heredoc') this.#enterHeredoc(token.text);
    if (isSequenceEnd) {
      this.#sequences.pop();
      this.#leave();
    }
  }

  #scanQuoted(): void {
    const { type, end } = quotedLexeme(this.#text, this.#at);
    this.#emit(type, end);
    if (type === 'close quote') this.#leave();
    else if (type === '${' || type === '%{') this.#enterSequence();
  }

  #scanUnquoted(): void {
    const lexeme = unquotedLexeme(this.#text, this.#at);
    if (lexeme === undefined) {
      this.#emit(this.#mode === 'bare' ? 'string literal' : 'invalid', this.#text.length);
      return;
    }
    const heredoc = this.#mode === 'heredoc' ? this.#heredocs.at(-1) : undefined;
    if (heredoc?.isLineStart === true && lexeme.endsLine === true && this.#endsHeredoc(heredoc, lexeme.end)) return;
    this.#emit(lexeme.type, lexeme.end);
    if (lexeme.type === '${' || lexeme.type === '%{') this.#enterSequence();
    else if (heredoc !== undefined && lexeme.type === 'string literal') heredoc.isLineStart = lexeme.endsLine === true;
  }

  /** Takes the line as the end of the heredoc, if it is: the name, and apart from it the newline. */
  #endsHeredoc(heredoc: Heredoc, end: number): boolean {
    if (trimSpace(this.#text.slice(this.#at, end)) !== heredoc.name) return false;
    this.#emit('close heredoc', this.#text[end - 2] === '\r' ? end - 2 : end - 1);
    this.#emit('newline', end);
    this.#heredocs.pop();
    this.#leave();
    return true;
  }

  #enterHeredoc(opening: string): void {
    const name = opening.slice(opening.startsWith('<<-') ? 3 : 2, opening.endsWith('\r\n') ? -2 : -1);
    this.#heredocs.push({ name, isLineStart: true });
    this.#enter('heredoc');
  }

  #enterSequence(): void {
    this.#braces++;
    this.#sequences.push(this.#braces);
    const heredoc = this.#heredocs.at(-1);
    if (heredoc !== undefined) heredoc.isLineStart = false;
    this.#enter('main');
  }

  #enter(mode: Mode): void {
    this.#modes.push(this.#mode);
    this.#mode = mode;
  }

  #leave(): void {
    this.#mode = this.#modes.pop() ?? 'main';
  }

  #emit(type: TokenType, end: number): Token {
    const text = this.#text.slice(this.#at, end);
    const skipped = this.#base + this.#at - this.#position.offset;
    const { line, column, offset } = this.#position;
    const start = skipped === 0 ? this.#position : { line, column: column + skipped, offset: offset + skipped };
    this.#position = advance(start, text);
    this.#at = end;
    const token: Token = { type, text, range: { filename: this.#filename, start, end: this.#position } };
    this.#tokens.push(token);
    return token;
  }
}
