// Matches hclsyntax/peeker.go and the recovery of hclsyntax/parser.go.
import type { Diagnostic } from '../diagnostic.ts';
import type { SourceRange } from '../range.ts';
import type { Token, TokenType } from '../scan/token.ts';

const closers = new Map<TokenType, TokenType>([
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
  ['open quote', 'close quote'],
  ['open heredoc', 'close heredoc'],
  ['${', 'template end'],
  ['%{', 'template end'],
]);

const openers = new Map<TokenType, TokenType>([
  ['}', '{'],
  [']', '['],
  [')', '('],
  ['close quote', 'open quote'],
  ['close heredoc', 'open heredoc'],
  ['template end', '${'],
]);

/** The bracket that ends what `opener` begins. */
export function closerOf(opener: TokenType): TokenType | undefined {
  return closers.get(opener);
}

/** Reads tokens without comments, and without newlines where these mean nothing. */
export class TokenReader {
  readonly diagnostics: Diagnostic[] = [];
  /** Something was skipped: what follows may be misunderstood, so that complaints about it are kept back. */
  isRecovering = false;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #next = 0;
  /** Whether newlines are read, per level of brackets. */
  readonly #newlines: boolean[] = [];
  #readsNewlines = true;

  constructor(tokens: readonly Token[]) {
    const end = tokens.at(-1);
    if (end === undefined) throw new TypeError('a source has at least the token of its end');
    this.#tokens = tokens;
    this.#end = end;
  }

  peek(): Token {
    const { token } = this.#find();
    return token;
  }

  read(): Token {
    const { token, next } = this.#find();
    this.#next = next;
    return token;
  }

  /** Range of the token before the next one, whatever it is; of the next one at the beginning. */
  get previousRange(): SourceRange {
    return (this.#next === 0 ? this.peek() : (this.#tokens[this.#next - 1] ?? this.#end)).range;
  }

  /** From here on newlines are read, or not; until `popNewlines`. */
  pushNewlines(areRead: boolean): void {
    this.#newlines.push(this.#readsNewlines);
    this.#readsNewlines = areRead;
  }

  popNewlines(): void {
    this.#readsNewlines = this.#newlines.pop() ?? true;
  }

  report(summary: string, detail: string, subject: SourceRange, context?: SourceRange): void {
    this.diagnostics.push({ summary, detail, subject, ...(context === undefined ? {} : { context }) });
  }

  /** Whether something was reported since there were `before` diagnostics. */
  hasErrorsSince(before: number): boolean {
    return this.diagnostics.length > before;
  }

  /** Skips everything that is left. */
  skipAll(): void {
    this.isRecovering = true;
    this.#next = this.#tokens.length - 1;
  }

  /** Skips to behind the closing bracket that belongs to an opening one already read, or to the end of the source. */
  recover(closer: TokenType): Token {
    const opener = openers.get(closer);
    this.isRecovering = true;
    for (let depth = 0; ; ) {
      const token = this.read();
      if (token.type === 'end of file') return token;
      // Both kinds of sequences end alike.
      const type = closer === 'template end' && token.type === '%{' ? '${' : token.type;
      if (type === opener) depth++;
      else if (type === closer && depth-- < 1) return token;
    }
  }

  /** Skips to behind the next pair of brackets. */
  recoverOver(opener: TokenType): void {
    for (;;) {
      const { type } = this.read();
      if (type === opener || type === 'end of file') break;
    }
    this.recover(closerOf(opener) ?? 'end of file');
  }

  /** Skips to behind the next newline outside of brackets. */
  recoverAfterItem(): void {
    this.isRecovering = true;
    const open: TokenType[] = [];
    for (;;) {
      const { type } = this.read();
      if (type === 'end of file' || (type === 'newline' && open.length === 0)) return;
      if (closers.has(type)) open.push(type === '%{' ? '${' : type);
      const opener = openers.get(type);
      if (opener === undefined) continue;
      while (open.length > 0 && open.at(-1) !== opener) open.pop();
      open.pop();
    }
  }

  #find(): { token: Token; next: number } {
    for (let i = this.#next; i < this.#tokens.length; i++) {
      const token = this.#tokens[i] ?? this.#end;
      if (token.type === 'comment') {
        // A comment to the end of the line takes the newline with it.
        if (!this.#readsNewlines || !token.text.endsWith('\n')) continue;
        return { token: { type: 'newline', text: '\n', range: token.range }, next: i + 1 };
      }
      if (token.type === 'newline' && !this.#readsNewlines) continue;
      return { token, next: i + 1 };
    }
    return { token: this.#end, next: this.#tokens.length };
  }
}
