// Matches the buffer of go.yaml.in/yaml/v4 internal/libyaml: a file by pieces, so that a fault of its bytes comes when
// the library would come to it.
import { decodeCharacters, type Encoding, encodingOf } from './decode-characters.ts';
import type { Mark } from './mark.ts';

/** Bytes that are decoded at a time. */
const pieceSize = 512;

const byteOrderMark = 0xfeff;

/** Where a scanner stands in a file. Behind the end there are zeros. */
export class Characters {
  readonly #data: Uint8Array;
  readonly #encoding: Encoding;
  readonly #codes: number[] = [];
  #line = 0;
  #column = 0;
  #position = 0;
  /** Where the characters that are looked at began when the last piece was decoded. */
  #bufferStart = 0;
  /** Bytes: the end of what is decoded, and of what was read for it. */
  #decoded: number;
  #read: number;
  #isAtEnd = false;
  /** Ends of lines since the last character that is neither blank nor one. */
  newlines = 0;

  constructor(data: Uint8Array) {
    const { encoding, length } = encodingOf(data);
    this.#data = data;
    this.#encoding = encoding;
    this.#decoded = length;
    this.#read = 0;
  }

  get mark(): Mark {
    return { line: this.#line, column: this.#column };
  }

  get column(): number {
    return this.#column;
  }

  get line(): number {
    return this.#line;
  }

  /** How many characters are behind. */
  get position(): number {
    return this.#position;
  }

  /** The character that stands so many behind this one. */
  at(distance: number): number {
    return this.#codes[this.#position + distance] ?? 0;
  }

  /** Whether the library would take the next character for a byte order mark. */
  get isAtByteOrderMark(): boolean {
    return this.#codes[this.#bufferStart] === byteOrderMark;
  }

  /** Decodes so many characters more. Throws for bytes that are none. */
  need(count: number): void {
    if (this.#position + count <= this.#codes.length || this.#isAtEnd) return;
    this.#bufferStart = this.#position;
    while (this.#position + count > this.#codes.length && !this.#isAtEnd) this.#decodePiece();
  }

  #decodePiece(): void {
    const left = Math.max(0, this.#read - this.#decoded);
    const end = Math.min(this.#data.length, this.#read + pieceSize - left);
    const isLast = end === this.#read;
    this.#read = end;
    const source = { data: this.#data, encoding: this.#encoding, isLast };
    const { end: decoded, fault } = decodeCharacters(source, [this.#decoded, end], this.#codes);
    this.#decoded = Math.max(decoded, this.#decoded);
    if (fault !== undefined) throw fault;
    if (isLast) this.#isAtEnd = true;
  }

  skip(): void {
    if (!isBlank(this.at(0))) this.newlines = 0;
    this.#position++;
    this.#column++;
  }

  skipAll(count: number): void {
    for (let done = 0; done < count; done++) this.skip();
  }

  /** The end of a line, if it is here. */
  skipLine(): void {
    if (isLineBreak(this.at(0))) this.#endLine();
  }

  /** The next character, as text. */
  take(): string {
    const code = this.at(0);
    this.skip();
    return String.fromCodePoint(code);
  }

  /** The end of a line, if it is here, as a scalar has it. */
  takeLine(): string {
    const code = this.at(0);
    if (!isLineBreak(code)) return '';
    this.#endLine();
    return code === 0x2028 || code === 0x2029 ? String.fromCodePoint(code) : '\n';
  }

  #endLine(): void {
    this.#position += this.at(0) === 0x0d && this.at(1) === 0x0a ? 2 : 1;
    this.forceLine();
    this.newlines++;
  }

  /** Begins a line where none ends. */
  forceLine(): void {
    this.#column = 0;
    this.#line++;
  }
}

export function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isLineBreak(code);
}

export function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || isBreakOrEnd(code);
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Letters, digits, `-` and `_`. */
export function isWord(code: number): boolean {
  return (
    isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || code === 0x2d
  );
}

/** The value of a hexadecimal digit; undefined when it is none. */
export function hexValue(code: number): number | undefined {
  if (isDigit(code)) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}
