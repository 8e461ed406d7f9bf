// Go strings are bytes; ours are UTF-16. A byte that is no valid UTF-8 becomes one lone surrogate
// (0x80 → U+DC80 … 0xff → U+DCFF), so that text goes through unharmed and `isWellFormed()` tells.

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of the bytes; what is not UTF-8 is kept, a lone surrogate a byte. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

/** The bytes of the text; the reverse of `decodeBytes`. */
export function encodeBytes(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const out = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    length = isEscapedByte(code) ? put(out, length, code & 0xff) : putCodePoint(out, length, code);
  }
  return out.slice(0, length);
}

function isEscapedByte(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

function putCodePoint(out: Uint8Array, at: number, code: number): number {
  // A surrogate that stands for no byte has none: U+FFFD.
  const scalar = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
  if (scalar < 0x80) return put(out, at, scalar);
  if (scalar < 0x800) return put(out, at, 0xc0 | (scalar >> 6), tail(scalar, 0));
  if (scalar < 0x10000) return put(out, at, 0xe0 | (scalar >> 12), tail(scalar, 6), tail(scalar, 0));
  return put(out, at, 0xf0 | (scalar >> 18), tail(scalar, 12), tail(scalar, 6), tail(scalar, 0));
}

function tail(scalar: number, shift: number): number {
  return 0x80 | ((scalar >> shift) & 0x3f);
}

function put(out: Uint8Array, at: number, ...bytes: readonly number[]): number {
  for (const [i, byte] of bytes.entries()) out[at + i] = byte;
  return at + bytes.length;
}

/** How many bytes the text takes. */
export function byteLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    if (code < 0x80 || isEscapedByte(code)) length += 1;
    else if (code < 0x800) length += 2;
    else length += code > 0xffff ? 4 : 3;
  }
  return length;
}

/** How many UTF-16 units go into one call of String.fromCharCode. */
const CHUNK = 8192;

function decodeBroken(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; ) {
    const width = sequenceWidth(bytes, i);
    const code = width === 0 ? 0xdc00 + (bytes[i] ?? 0) : codePoint(bytes, i, width);
    if (code > 0xffff) units[length++] = 0xd7c0 + (code >> 10);
    units[length++] = code > 0xffff ? 0xdc00 + (code & 0x3ff) : code;
    i += Math.max(width, 1);
  }
  let text = '';
  for (let at = 0; at < length; at += CHUNK) {
    text += String.fromCharCode(...units.subarray(at, Math.min(at + CHUNK, length)));
  }
  return text;
}

function codePoint(bytes: Uint8Array, at: number, width: number): number {
  let code = bytes[at] ?? 0;
  if (width > 1) code &= 0x7f >> width;
  for (let i = 1; i < width; i++) code = (code << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return code;
}

/** The width of the UTF-8 sequence at `at`, 0 when there is none. */
function sequenceWidth(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + width > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < width; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return width;
}
