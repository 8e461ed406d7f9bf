// Matches frontend/dockerfile/shell/lex.go: same words, same error texts.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { isDigit, isLetter } from '../../base/go-unicode.ts';
import type { EnvGetter } from './env.ts';
import { applyModifier, type Modifier } from './modifiers.ts';
import { WordBuilder } from './words.ts';

/** The character that escapes in this Dockerfile (`# escape=`). */
export type EscapeToken = '\\' | '`';

export interface LexOptions {
  readonly escapeToken: EscapeToken;
  /** Quotes stay in the result. */
  readonly rawQuotes?: boolean | undefined;
  /** Escape characters stay in the result. */
  readonly rawEscapes?: boolean | undefined;
  /** Quotes are ordinary characters. */
  readonly skipProcessQuotes?: boolean | undefined;
  /** Variables that are not set stay as written. */
  readonly skipUnsetEnv?: boolean | undefined;
}

export interface WordExpansion {
  readonly result: string;
  /** Names that were looked up and found. */
  readonly matched: ReadonlySet<string>;
  /** Names that were looked up and not found, in the order of their first use. */
  readonly unmatched: ReadonlySet<string>;
}

/** A word that cannot be expanded. The names looked up before the fault count for warnings all the same. */
export class ExpansionError extends TsbuildxError {
  override readonly name: string = 'ExpansionError';
  readonly matched: ReadonlySet<string>;
  readonly unmatched: ReadonlySet<string>;

  constructor(message: string, names: Pick<WordExpansion, 'matched' | 'unmatched'>, options: ErrorOptions) {
    super('DOCKERFILE', message, options);
    this.matched = names.matched;
    this.unmatched = names.unmatched;
  }
}

export function isExpansionError(error: unknown): error is ExpansionError {
  return error instanceof ExpansionError;
}

const special = /[$<'"\\`]/;
const noNames: ReadonlySet<string> = new Set();

/** Replaces variables and removes quotes, as one word. Throws ExpansionError. */
export function expandWord(word: string, env: EnvGetter, options: LexOptions): WordExpansion {
  if (!special.test(word) && word.charCodeAt(0) !== BOM && word.isWellFormed()) {
    return { result: word, matched: noNames, unmatched: noNames };
  }
  const lexer = new Lexer(word, env, options);
  const result = lexer.run().result;
  return { result, matched: lexer.matched, unmatched: lexer.unmatched };
}

/** Replaces variables, then splits at unquoted white space. Throws ExpansionError. */
export function expandWords(word: string, env: EnvGetter, options: LexOptions): string[] {
  return new Lexer(word, env, options).run().words;
}

interface Piece {
  readonly result: string;
  readonly words: string[];
}

const BOM = 0xfeff;
/** What Go prints for the end of the input where a character should be. */
const END = '\uFFFD';

class Lexer {
  readonly matched = new Set<string>();
  readonly unmatched = new Set<string>();
  readonly #source: string;
  readonly #text: string;
  readonly #env: EnvGetter;
  readonly #options: LexOptions;
  readonly #buffer = new WordBuilder();
  #rawEscapes: boolean;
  #at = 0;

  constructor(source: string, env: EnvGetter, options: LexOptions) {
    const text = source.toWellFormed();
    this.#source = source;
    this.#text = text.charCodeAt(0) === BOM ? text.slice(1) : text;
    this.#env = env;
    this.#options = options;
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  run(): Piece {
    try {
      return this.#until('', this.#rawEscapes);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ExpansionError(`failed to process ${goQuote(this.#source)}: ${why}`, this, { cause: error });
    }
  }

  /** Processes up to `stop`, which is taken too; to the end of the input when `stop` is empty. */
  #until(stop: string, rawEscapes: boolean): Piece {
    const before = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    try {
      return this.#process(stop);
    } finally {
      this.#rawEscapes = before;
    }
  }

  #process(stop: string): Piece {
    // The reference has one buffer for the words of all levels: what stands before `${x:-y}` is lost.
    const words = this.#buffer.nested();
    let result = '';
    while (this.#at < this.#text.length) {
      const ch = this.#peek();
      if (ch === stop) {
        this.#at++;
        return { result, words: words.finish() };
      }
      const quote = ch === '"' || ch === "'";
      if (ch === '$') {
        const value = this.#dollar();
        result += value;
        words.addText(value);
      } else if (ch === '<' || (quote && !this.#options.skipProcessQuotes)) {
        const raw = ch === '<' ? this.#possibleHeredoc() : ch === '"' ? this.#doubleQuoted() : this.#singleQuoted();
        result += raw;
        words.addRaw(raw);
      } else if (ch === this.#options.escapeToken) {
        this.#at++;
        if (this.#rawEscapes) {
          result += ch;
          words.addRaw(ch);
        }
        if (this.#at >= this.#text.length) break;
        const escaped = this.#next();
        result += escaped;
        words.addRaw(escaped);
      } else {
        const run = this.#plainRun(stop);
        result += run;
        words.addText(run);
      }
    }
    if (stop !== '') throw new Error(`unexpected end of statement while looking for matching ${stop}`);
    return { result, words: words.finish() };
  }

  /** At least one character, and all that follow up to one with a meaning. */
  #plainRun(stop: string): string {
    const start = this.#at++;
    while (this.#at < this.#text.length) {
      const ch = this.#text[this.#at] ?? '';
      if (ch === stop || special.test(ch)) break;
      this.#at++;
    }
    return this.#text.slice(start, this.#at);
  }

  #singleQuoted(): string {
    const start = this.#at;
    const end = this.#text.indexOf("'", start + 1);
    this.#at = end < 0 ? this.#text.length : end + 1;
    if (end < 0) throw new Error('unexpected end of statement while looking for matching single-quote');
    return this.#options.rawQuotes ? this.#text.slice(start, end + 1) : this.#text.slice(start + 1, end);
  }

  #doubleQuoted(): string {
    const quote = this.#options.rawQuotes ? '"' : '';
    let result = quote;
    this.#at++;
    while (this.#at < this.#text.length) {
      const ch = this.#peek();
      if (ch === '"') {
        this.#at++;
        return result + quote;
      }
      if (ch === '$') result += this.#dollar();
      else if (ch === this.#options.escapeToken) result += this.#escapedInQuotes();
      else result += this.#plainRun('"');
    }
    throw new Error('unexpected end of statement while looking for matching double-quote');
  }

  /** Inside double quotes only the quote, `$` and the escape token itself can be escaped. */
  #escapedInQuotes(): string {
    const escape = this.#next();
    const kept = this.#rawEscapes ? escape : '';
    if (this.#at >= this.#text.length) return kept;
    const ch = this.#peek();
    return kept + (ch === '"' || ch === '$' || ch === escape ? this.#next() : escape);
  }

  #possibleHeredoc(): string {
    this.#at++;
    if (this.#peek() !== '<') return '<';
    const start = this.#at++;
    while (isHeredocBlank(this.#peek())) this.#at++;
    return `<${this.#text.slice(start, this.#at)}`;
  }

  #dollar(): string {
    this.#at++;
    if (this.#peek() === '{') return this.#braces();
    const name = this.#name();
    if (name === '') return '$';
    const value = this.#lookup(name);
    return value === undefined && this.#options.skipUnsetEnv ? `$${name}` : (value ?? '');
  }

  #braces(): string {
    this.#at++;
    const first = this.#peek();
    if (first === '') throw new Error("syntax error: missing '}'");
    if (first === '{' || first === '}' || first === ':') throw new Error('syntax error: bad substitution');
    const name = this.#name();
    const ch = this.#next();
    switch (ch) {
      case '}': {
        const value = this.#lookup(name);
        return value === undefined && this.#options.skipUnsetEnv ? `\${${name}}` : (value ?? '');
      }
      case ':':
        return this.#modified(name, this.#next(), true);
      case '+':
      case '-':
      case '?':
      case '#':
      case '%':
        return this.#modified(name, ch, false);
      case '/':
        return this.#replaced(name);
      default:
        throw unsupported(ch === '' ? END : ch);
    }
  }

  #modified(name: string, operator: string, nullIsUnset: boolean): string {
    const operators = `${nullIsUnset ? ':' : ''}${operator === '' ? END : operator}`;
    const trims = operator === '#' || operator === '%';
    if (nullIsUnset && trims) throw unsupported(operators);
    const word = this.#operand('}', trims, "syntax error: missing '}'");
    const value = this.#lookup(name);
    if (value === undefined && this.#options.skipUnsetEnv) return `\${${name}${operators}${word}}`;
    if (!isModifier(operator)) throw unsupported(operators);
    return applyModifier({ kind: operator, name, word, nullIsUnset }, value);
  }

  #replaced(name: string): string {
    const all = this.#peek() === '/';
    if (all) this.#at++;
    const pattern = this.#operand('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.#operand('}', true, "syntax error: missing '}'");
    const value = this.#lookup(name);
    if (value === undefined && this.#options.skipUnsetEnv) return `\${${name}/${pattern}/${replacement}}`;
    return applyModifier({ kind: '/', pattern, replacement, all }, value);
  }

  #operand(stop: string, rawEscapes: boolean, atEnd: string): string {
    try {
      return this.#until(stop, rawEscapes).result;
    } catch (error) {
      throw this.#at >= this.#text.length ? new Error(atEnd) : error;
    }
  }

  #name(): string {
    const start = this.#at;
    const first = this.#peek();
    if (isDigit(first)) {
      while (isDigit(this.#peek())) this.#next();
    } else if (specialParameters.has(first)) {
      this.#at++;
    } else {
      for (let ch = first; isLetter(ch) || isDigit(ch) || ch === '_'; ch = this.#peek()) this.#next();
    }
    return this.#text.slice(start, this.#at);
  }

  #lookup(name: string): string | undefined {
    const value = this.#env.get(name);
    (value === undefined ? this.unmatched : this.matched).add(name);
    return value;
  }

  /** The character at hand, empty at the end. */
  #peek(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  #next(): string {
    const ch = this.#peek();
    this.#at += ch.length;
    return ch;
  }
}

const specialParameters: ReadonlySet<string> = new Set(['@', '*', '#', '?', '-', '$', '!', '0']);

function isModifier(operator: string): operator is Exclude<Modifier['kind'], '/'> {
  return operator !== '' && '+-?#%'.includes(operator);
}

function unsupported(operators: string): Error {
  return new Error(`unsupported modifier (${operators}) in substitution`);
}

function isHeredocBlank(ch: string): boolean {
  return ch === ' ' || ch === '\t' || ch === '\r';
}
