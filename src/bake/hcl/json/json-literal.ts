// Matches Go's encoding/json for a string that stands alone.
import { byteLength } from '../../../base/go-bytes.ts';

/** The text of a string token, or how many bytes of it were read when it proved to be wrong. */
export type JsonText = { readonly text: string } | { readonly faultAfter: number };

/** Control characters do not come here: a token ends before them. */
const plain = /^"[^"\\]*"$/;
const piece = /[^"\\]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const escapes = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

export function jsonText(token: string): JsonText {
  if (plain.test(token)) return { text: token.slice(1, -1).toWellFormed() };
  let text = '';
  let at = 1;
  for (;;) {
    piece.lastIndex = at;
    const found = piece.exec(token)?.[0];
    if (found === undefined) break;
    text += found.startsWith('\\') ? unescape(found) : found;
    at += found.length;
  }
  if (token[at] === '"' && at + 1 === token.length) return { text: text.toWellFormed() };
  return { faultAfter: bytesRead(token, at) };
}

function unescape(found: string): string {
  const selector = found[1] ?? '';
  if (selector === 'u') return String.fromCharCode(Number.parseInt(found.slice(2), 16));
  return escapes.get(selector) ?? selector;
}

/** With the first byte of the character that is wrong; all of them when something is missing. */
function bytesRead(token: string, at: number): number {
  const escape = /^\\(?:u[0-9a-fA-F]{0,3})?/.exec(token.slice(at, at + 6));
  const fault = at + (escape?.[0].length ?? 0);
  return fault < token.length ? byteLength(token.slice(0, fault)) + 1 : byteLength(token);
}
