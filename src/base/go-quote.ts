import { isPrintable } from './go-unicode.ts';

const named = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
]);

/** The text as Go's `%q` prints it. Bytes that are not UTF-8 (see go-bytes.ts) come out as `\xNN`. */
export function goQuote(text: string): string {
  let out = '"';
  for (const ch of text) out += quoted(ch.codePointAt(0) ?? 0, ch);
  return `${out}"`;
}

function quoted(code: number, ch: string): string {
  const name = named.get(code);
  if (name !== undefined) return name;
  if (code < 0x7f) return code < 0x20 ? `\\x${hex(code, 2)}` : ch;
  if (code === 0x7f) return '\\x7f';
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  if (isPrintable(ch)) return ch;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
