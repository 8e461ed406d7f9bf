// Matches Go's strconv.Unquote, for the texts that the lexer lets through.
import { decodeBytes, encodeBytes } from '../../../../base/go-bytes.ts';

const NAMED: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 0x5c],
]);

/** The text of a quoted string; undefined when its syntax is wrong. */
export function unquote(quoted: string): string | undefined {
  if (quoted.startsWith('`')) return quoted.slice(1, -1).replaceAll('\r', '');
  const parts: Uint8Array[] = [];
  for (let at = 1; at < quoted.length - 1; ) {
    const piece = readPiece(quoted, at, '"');
    if (piece === undefined) return undefined;
    parts.push(piece.isByte ? Uint8Array.of(piece.code) : encodeBytes(String.fromCodePoint(piece.code)));
    at = piece.end;
  }
  return decodeBytes(Buffer.concat(parts));
}

/** The code point of a character constant; undefined when its syntax is wrong, `malformed` when there is more than one. */
export function unquoteCharacter(quoted: string): number | 'malformed' | undefined {
  const piece = readPiece(quoted, 1, "'");
  return piece === undefined || piece.end === quoted.length - 1 ? piece?.code : 'malformed';
}

interface Piece {
  readonly code: number;
  /** A byte, not a code point. */
  readonly isByte: boolean;
  readonly end: number;
}

function readPiece(text: string, at: number, quote: string): Piece | undefined {
  const code = text.codePointAt(at);
  if (code === undefined || text[at] === quote || text[at] === '\n') return undefined;
  if (text[at] !== '\\') return { code, isByte: false, end: at + String.fromCodePoint(code).length };
  const letter = text[at + 1] ?? '';
  const named = letter === quote ? quote.charCodeAt(0) : NAMED.get(letter);
  if (named !== undefined) return { code: named, isByte: false, end: at + 2 };
  const [isByte, pattern] = letter === 'u' || letter === 'U' ? [false, hexOf(letter)] : [true, hexOf(letter)];
  const found = pattern.exec(text.slice(at + 1));
  if (found === null) return undefined;
  const digits = found[1] ?? found[0];
  const value = Number.parseInt(digits, found[1] === undefined ? 8 : 16);
  const surrogate = value >= 0xd800 && value <= 0xdfff;
  if (isByte ? value > 0xff : value > 0x10ffff || surrogate) return undefined;
  return { code: value, isByte, end: at + 1 + found[0].length };
}

function hexOf(letter: string): RegExp {
  if (letter === 'x') return /^x([0-9a-fA-F]{2})/;
  if (letter === 'u') return /^u([0-9a-fA-F]{4})/;
  return letter === 'U' ? /^U([0-9a-fA-F]{8})/ : /^[0-7]{3}/;
}
