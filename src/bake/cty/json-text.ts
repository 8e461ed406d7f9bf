// JSON as Go's encoding/json reads it token by token: numbers keep their text, errors are Go's.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { isPrintable } from '../../base/go-unicode.ts';

export type JsonNode =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'number' | 'string'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: JsonNode])[] };

/** Levels of arrays and objects. */
const MAX_DEPTH = 1000;

/** Reads the value at the start of a text. Throws INVALID_ARGUMENT with Go's message. */
export function parseJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  const node = reader.readValue(0);
  // What closes nothing is not looked at, as in Go.
  if (!reader.isAtEnd) throw failure('extraneous data after JSON object');
  return node;
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const partOfNumber = /-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?)?)?/y;
const plainText = /[ !#-[\]-\u{10ffff}]*/uy;
const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class JsonReader {
  readonly #text: string;
  #at = 0;
  /** Behind the last token: what is unread then decides which end of file is reported. */
  #tokenEnd = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    this.#skipSpace();
    const next = this.#peek();
    return next === '' || next === ']' || next === '}';
  }

  readValue(depth: number): JsonNode {
    this.#skipSpace();
    const next = this.#peek();
    if (next === '') throw this.#endOfFile();
    if (next === '{' || next === '[') {
      if (depth >= MAX_DEPTH) throw failure('exceeded max depth');
      this.#take(1);
      return next === '{' ? this.#readObject(depth + 1) : this.#readArray(depth + 1);
    }
    if (next === '"') return { kind: 'string', text: this.#readString() };
    if (next === 't') return this.#readLiteral('true', { kind: 'bool', value: true });
    if (next === 'f') return this.#readLiteral('false', { kind: 'bool', value: false });
    if (next === 'n') return this.#readLiteral('null', { kind: 'null' });
    if (next === '-' || (next >= '0' && next <= '9')) return this.#readNumber();
    if (next === ']' || next === '}') throw failure('mismatching structural token for object or array');
    throw this.#invalid('looking for beginning of value');
  }

  #readArray(depth: number): JsonNode {
    const items: JsonNode[] = [];
    while (!this.#tookEnd(']', items.length > 0, 'after array element')) items.push(this.readValue(depth));
    return { kind: 'array', items };
  }

  #readObject(depth: number): JsonNode {
    const members: [string, JsonNode][] = [];
    while (!this.#tookEnd('}', members.length > 0, 'after object key:value pair')) {
      const name = this.#readName();
      this.#skipSpace();
      if (this.#peek() === '') throw this.#endOfFile();
      if (this.#peek() !== ':') throw this.#invalid('after object key');
      this.#at++;
      this.#skipSpace();
      if (this.#peek() === '}') throw failure('missing value after object key');
      members.push([name, this.readValue(depth)]);
    }
    return { kind: 'object', members };
  }

  #readName(): string {
    this.#skipSpace();
    const next = this.#peek();
    if (next === '') throw this.#endOfFile();
    if (next === '"') return this.#readString();
    if (next === ']') throw failure('mismatching structural token for object or array');
    if (/[-0-9tfn[{]/.test(next)) throw failure('object member name must be a string');
    throw this.#invalid('looking for beginning of value');
  }

  /** Takes the end of an array or object, or the comma before the next part of it. */
  #tookEnd(end: string, hasParts: boolean, where: string): boolean {
    this.#skipSpace();
    const comma = this.#at;
    const hasComma = this.#peek() === ',';
    if (hasComma) {
      this.#at++;
      this.#skipSpace();
    }
    const next = this.#peek();
    if (next === '') throw this.#endOfFile();
    const isEnd = next === ']' || next === '}';
    if (hasComma !== (hasParts && !isEnd)) {
      this.#at = comma;
      throw this.#invalid(hasComma ? 'looking for beginning of value' : where);
    }
    if (isEnd && next !== end) throw failure('mismatching structural token for object or array');
    if (isEnd) this.#take(1);
    return isEnd;
  }

  #readLiteral(literal: string, node: JsonNode): JsonNode {
    for (const expected of literal) {
      const next = this.#peek();
      if (next === '') throw this.#endOfFile();
      if (next !== expected) throw this.#invalid(`in literal ${literal} (expecting '${expected}')`);
      this.#at++;
    }
    this.#tokenEnd = this.#at;
    return node;
  }

  #readNumber(): JsonNode {
    number.lastIndex = this.#at;
    const text = number.exec(this.#text)?.[0] ?? '';
    partOfNumber.lastIndex = this.#at;
    const part = partOfNumber.exec(this.#text)?.[0] ?? '';
    if (part.length > text.length) {
      this.#at += part.length;
      throw this.#peek() === '' ? this.#endOfFile() : this.#invalid('in numeric literal');
    }
    this.#take(text.length);
    return { kind: 'number', text };
  }

  #readString(): string {
    let out = '';
    this.#at++;
    for (;;) {
      plainText.lastIndex = this.#at;
      const plain = plainText.exec(this.#text)?.[0] ?? '';
      out += plain;
      this.#at += plain.length;
      const next = this.#peek();
      if (next === '') throw this.#endOfFile();
      if (next === '"') break;
      if (next !== '\\') throw this.#invalid('in string');
      out += this.#readEscape();
    }
    this.#take(1);
    return out.toWellFormed();
  }

  #readEscape(): string {
    const mark = this.#text.charAt(this.#at + 1);
    if (mark === '') throw this.#endOfFile();
    const short = shortEscapes.get(mark);
    const length = short === undefined && mark === 'u' ? 6 : 2;
    const escape = this.#text.slice(this.#at, this.#at + length);
    if (short === undefined) {
      const isShort = mark === 'u' && /^\\u[0-9a-fA-F]{0,3}$/.test(escape) && escape.length < length;
      if (isShort) throw this.#endOfFile();
      if (!/^\\u[0-9a-fA-F]{4}$/.test(escape)) throw invalidEscape(escape);
    }
    this.#at += length;
    return short ?? String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  }

  #skipSpace(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(length: number): void {
    this.#at += length;
    this.#tokenEnd = this.#at;
  }

  #endOfFile(): TsbuildxError {
    const isBetween = /^[ \r\n\t,:]*$/.test(this.#text.slice(this.#tokenEnd));
    return failure(isBetween ? 'EOF' : 'unexpected EOF');
  }

  #invalid(where: string): TsbuildxError {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    const quoted = char === "'" ? "\\'" : char === '"' ? '"' : goQuote(char).slice(1, -1);
    return failure(`invalid character '${quoted}' ${where}`);
  }
}

function invalidEscape(escape: string): TsbuildxError {
  const isPlain = Array.from(escape).every((ch) => ch !== '`' && ch !== ' ' && isPrintable(ch));
  return failure(`invalid escape sequence ${isPlain ? `\`${escape}\`` : goQuote(escape)} in string`);
}
