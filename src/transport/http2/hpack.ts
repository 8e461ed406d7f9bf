// Header compression (RFC 7541): decoding in full; encoding plainly, without a dynamic table and Huffman codes.
import { ConnectionError, ErrorCode } from './frames.ts';
import { decodeHuffman } from './huffman.ts';
import { staticTable } from './static-table.ts';

/** Name and value, one character a byte. */
export type HeaderField = readonly [name: string, value: string];

/** What an entry counts beyond its text. */
const ENTRY_OVERHEAD = 32;

export class HpackDecoder {
  readonly #maxTable: number;
  readonly #maxList: number;
  /** The newest last; `#first` is the oldest that counts. */
  #entries: HeaderField[] = [];
  #first = 0;
  #tableSize = 0;
  #tableLimit: number;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;

  /** Limits in bytes: the dynamic table that was offered to the peer, and all decoded fields of one block. */
  constructor(maxTable: number, maxList: number) {
    this.#maxTable = maxTable;
    this.#tableLimit = maxTable;
    this.#maxList = maxList;
  }

  /** Decodes one block. Blocks must be given in order. Errors: ConnectionError, after which the decoder is of no use. */
  decode(block: Uint8Array): HeaderField[] {
    this.#bytes = block;
    this.#at = 0;
    const fields: HeaderField[] = [];
    let size = 0;
    while (this.#at < block.length) {
      const first = block[this.#at] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (fields.length > 0) throw malformed('table size update between fields');
        this.#resize(this.#integer(5));
        continue;
      }
      const field = this.#field(first);
      size += sizeOf(field);
      if (size > this.#maxList) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'headers are too large');
      fields.push(field);
    }
    this.#bytes = new Uint8Array();
    return fields;
  }

  #field(first: number): HeaderField {
    if ((first & 0x80) !== 0) return this.#entry(this.#integer(7));
    const isIndexed = (first & 0x40) !== 0;
    const nameIndex = this.#integer(isIndexed ? 6 : 4);
    const name = nameIndex === 0 ? this.#string() : this.#entry(nameIndex)[0];
    const field: HeaderField = [name, this.#string()];
    if (isIndexed) this.#insert(field);
    return field;
  }

  #entry(index: number): HeaderField {
    const fixed = staticTable[index - 1];
    if (fixed !== undefined) return fixed;
    const at = this.#entries.length - (index - staticTable.length);
    const entry = at < this.#first ? undefined : this.#entries[at];
    if (entry === undefined) throw malformed(`no table entry ${index}`);
    return entry;
  }

  #insert(field: HeaderField): void {
    const size = sizeOf(field);
    this.#evict(this.#tableLimit - size);
    if (size > this.#tableLimit) return;
    this.#entries.push(field);
    this.#tableSize += size;
  }

  #resize(limit: number): void {
    if (limit > this.#maxTable) throw malformed(`table size ${limit}`);
    this.#tableLimit = limit;
    this.#evict(limit);
  }

  /** Drops the oldest entries until those that are left fit. */
  #evict(limit: number): void {
    while (this.#tableSize > Math.max(limit, 0)) {
      const oldest = this.#entries[this.#first++];
      if (oldest !== undefined) this.#tableSize -= sizeOf(oldest);
    }
    if (this.#first > 1024) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  #integer(prefixBits: number): number {
    const mask = 2 ** prefixBits - 1;
    let value = this.#byte() & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw malformed('integer too large');
  }

  #string(): string {
    const isHuffman = ((this.#bytes[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw malformed('string longer than its block');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return isHuffman ? decodeHuffman(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('latin1');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed('block ends too early');
    return byte;
  }
}

function sizeOf(field: HeaderField): number {
  return field[0].length + field[1].length + ENTRY_OVERHEAD;
}

function malformed(why: string): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, `malformed header block: ${why}`);
}

/** Encodes fields, each as a literal that neither side remembers. */
export function encodeHeaders(fields: readonly HeaderField[]): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) parts.push(Buffer.of(0), encodeString(name), encodeString(value));
  return Buffer.concat(parts);
}

function encodeString(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([encodeInteger(bytes.length, 7), bytes]);
}

function encodeInteger(value: number, prefixBits: number): Buffer {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return Buffer.of(value);
  const bytes = [mask];
  let rest = value - mask;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
