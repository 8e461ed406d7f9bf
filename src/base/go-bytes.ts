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
  for (const ch of text) {
    const code = ch.charCodeAt(0);
    if (ch.length === 1 && code >= 0xdc80 && code <= 0xdcff) out[length++] = code & 0xff;
    else length += encoder.encodeInto(ch, out.subarray(length)).written;
  }
  return out.slice(0, length);
}

/** Every byte that is no UTF-8 replaced by U+FFFD, as Go does when it goes through runes or JSON. */
export function replaceInvalid(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** How many bytes the text takes. */
export function byteLength(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) length++;
    else if (code >= 0xd800 && code < 0xdc00)
      length += 2; // the low half adds nothing further below
    else if (code < 0xdc00 || code > 0xdfff) length += 2;
    if (code >= 0xd800 && code < 0xdc00) i++;
  }
  return length;
}

function decodeBroken(bytes: Uint8Array): string {
  const parts: string[] = [];
  let valid = 0;
  for (let i = 0; i < bytes.length; ) {
    const width = sequenceWidth(bytes, i);
    if (width > 0) {
      i += width;
      continue;
    }
    parts.push(strict.decode(bytes.subarray(valid, i)), String.fromCharCode(0xdc00 + (bytes[i] ?? 0)));
    valid = ++i;
  }
  parts.push(strict.decode(bytes.subarray(valid)));
  return parts.join('');
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
