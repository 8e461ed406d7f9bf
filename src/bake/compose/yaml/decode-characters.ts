// Matches go.yaml.in/yaml/v4 internal/libyaml/reader.go: bytes to characters, and which of them a file may hold.
import { yamlFault } from './mark.ts';

/** Characters of a piece of a file; the offset of the first byte that is not of them. */
export interface Decoded {
  readonly end: number;
  /** Why it ends before the bytes do. */
  readonly fault?: Error;
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By the mark at the beginning of a file, and how many bytes that has. */
export function encodingOf(data: Uint8Array): { readonly encoding: Encoding; readonly length: number } {
  if (data[0] === 0xff && data[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (data[0] === 0xfe && data[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  const hasMark = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf;
  return { encoding: 'utf-8', length: hasMark ? 3 : 0 };
}

interface Character {
  readonly code: number;
  readonly width: number;
}

/** Adds the characters between two offsets to `into`; one that is not complete stays unless it is the last. */
export function decodeCharacters(
  { data, encoding, isLast }: { readonly data: Uint8Array; readonly encoding: Encoding; readonly isLast: boolean },
  [start, end]: readonly [start: number, end: number],
  into: number[],
): Decoded {
  const piece = data.subarray(0, end);
  let at = start;
  try {
    while (at < end) {
      const found = encoding === 'utf-8' ? utf8At(piece, at) : utf16At(piece, at, encoding);
      if (found === undefined) {
        if (isLast) throw offsetFault(at, incomplete(piece, at, encoding));
        break;
      }
      if (!isAllowed(found.code)) throw offsetFault(at, 'control characters are not allowed');
      into.push(found.code);
      at += found.width;
    }
  } catch (error) {
    if (error instanceof Error) return { end: at, fault: error };
    throw error;
  }
  return { end: at };
}

function utf8At(data: Uint8Array, at: number): Character | undefined {
  const first = data[at] ?? 0;
  if (first < 0x80) return { code: first, width: 1 };
  const width = utf8Width(first);
  if (width === 0) throw offsetFault(at, 'invalid leading UTF-8 octet');
  if (at + width > data.length) return undefined;
  let code = first & (0x7f >> width);
  for (let next = 1; next < width; next++) {
    const octet = data[at + next] ?? 0;
    if ((octet & 0xc0) !== 0x80) throw offsetFault(at + next, 'invalid trailing UTF-8 octet');
    code = (code << 6) + (octet & 0x3f);
  }
  const shortest = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000;
  if (code < shortest) throw offsetFault(at, 'invalid length of a UTF-8 sequence');
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw offsetFault(at, 'invalid Unicode character');
  return { code, width };
}

/** Bytes of a character by its first; 0 when none begins so. */
export function utf8Width(first: number): number {
  if ((first & 0x80) === 0) return 1;
  if ((first & 0xe0) === 0xc0) return 2;
  if ((first & 0xf0) === 0xe0) return 3;
  return (first & 0xf8) === 0xf0 ? 4 : 0;
}

function utf16At(data: Uint8Array, at: number, encoding: Encoding): Character | undefined {
  const unitAt = (offset: number): number => {
    const [a, b] = [data[offset] ?? 0, data[offset + 1] ?? 0];
    return encoding === 'utf-16le' ? a + (b << 8) : b + (a << 8);
  };
  if (at + 2 > data.length) return undefined;
  const unit = unitAt(at);
  if ((unit & 0xfc00) === 0xdc00) throw offsetFault(at, 'unexpected low surrogate area');
  if ((unit & 0xfc00) !== 0xd800) return { code: unit, width: 2 };
  if (at + 4 > data.length) return undefined;
  const low = unitAt(at + 2);
  if ((low & 0xfc00) !== 0xdc00) throw offsetFault(at + 2, 'expected low surrogate area');
  return { code: 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff), width: 4 };
}

function incomplete(data: Uint8Array, at: number, encoding: Encoding): string {
  if (encoding === 'utf-8') return 'incomplete UTF-8 octet sequence';
  return at + 2 > data.length ? 'incomplete UTF-16 character' : 'incomplete UTF-16 surrogate pair';
}

function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code !== 0xfffe && code !== 0xffff;
}

function offsetFault(offset: number, problem: string): Error {
  return yamlFault(`offset ${offset}: ${problem}`);
}
