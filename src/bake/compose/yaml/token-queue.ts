import type { Token } from './token.ts';

/** Tokens that were scanned and not yet parsed. */
export class TokenQueue {
  #tokens: (Token | undefined)[] = [];
  #head = 0;
  /** Tokens that went. */
  #shifted = 0;
  /** The one that was added last, also when it went. */
  last: Token | undefined;
  /** Whether it is known of the first that nothing comes before it. */
  isReady = false;

  get length(): number {
    return this.#tokens.length - this.#head;
  }

  get shifted(): number {
    return this.#shifted;
  }

  /** Counts all tokens from the beginning of the file. */
  get nextNumber(): number {
    return this.#shifted + this.length;
  }

  get first(): Token {
    const token = this.#tokens[this.#head];
    if (token === undefined) throw new TypeError('no token was scanned');
    return token;
  }

  shift(): void {
    this.#tokens[this.#head++] = undefined;
    this.#shifted++;
    this.isReady = false;
    if (this.#head < 1024 || this.#head < this.#tokens.length / 2) return;
    this.#tokens = this.#tokens.slice(this.#head);
    this.#head = 0;
  }

  push(token: Token): void {
    this.#tokens.push(token);
    this.last = token;
  }

  /** Puts a token before the one with a number; without one, at the end. */
  insert(token: Token, number?: number): void {
    const at = number === undefined ? -1 : number - this.#shifted;
    if (at < 0 || at >= this.length) return this.push(token);
    this.#tokens.splice(this.#head + at, 0, token);
  }
}
