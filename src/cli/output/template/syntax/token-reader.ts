import { goQuote } from '../../../../base/go-quote.ts';
import { TsbuildxError } from '../../../../base/errors.ts';
import { readTokens } from './lexer.ts';
import type { Token, TokenKind } from './token.ts';

/** The tokens of a template one by one, and the errors about them with Go's texts. */
export class TokenReader {
  /** The line of the action that is being read; 0 outside of them. */
  actionLine = 0;
  readonly #tokens: readonly Token[];
  #next = 0;
  #furthest = 0;

  constructor(text: string) {
    this.#tokens = readTokens(text);
  }

  next(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  peek(): Token {
    const at = Math.min(this.#next, this.#tokens.length - 1);
    this.#furthest = Math.max(this.#furthest, at);
    return this.#tokens[at] ?? { kind: 'eof', text: '', at: 0, line: 1 };
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  /** Spaces before it are gone. */
  peekNonSpace(): Token {
    while (this.peek().kind === 'space') this.#next++;
    return this.peek();
  }

  /** Where reading stands; `reset` takes it back there. */
  mark(): number {
    return this.#next;
  }

  reset(mark: number): void {
    this.#next = mark;
  }

  expect(kinds: readonly TokenKind[], context: string): Token {
    const token = this.nextNonSpace();
    if (!kinds.includes(token.kind)) throw this.unexpected(token, context);
    return token;
  }

  fail(why: string): TsbuildxError {
    const line = this.#tokens[this.#furthest]?.line ?? 1;
    return new TsbuildxError('INVALID_ARGUMENT', `template: :${line}: ${why}`);
  }

  unexpected(token: Token, context: string): TsbuildxError {
    if (token.kind !== 'error') return this.fail(`unexpected ${shown(token)} in ${context}`);
    const began = this.actionLine !== 0 && this.actionLine !== token.line;
    const where = began ? `${token.text.endsWith(' action') ? '' : ' in action'} started at :${this.actionLine}` : '';
    return this.fail(`${token.text}${where}`);
  }
}

function shown({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'keyword' && text !== '.') return `<${text}>`;
  if (kind === 'keyword') return '<.>';
  const characters = Array.from(text);
  // more than ten bytes are cut to ten characters
  return Buffer.byteLength(text) > 10 ? `${goQuote(characters.slice(0, 10).join(''))}...` : goQuote(text);
}
