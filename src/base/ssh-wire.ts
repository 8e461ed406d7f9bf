// How SSH writes strings and integers (RFC 4251, 5).
import { TsbuildxError } from './errors.ts';

/** A string with its length before it. */
export function sshString(content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A non-negative integer, given as its big-endian bytes. */
export function sshInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? new Uint8Array() : bytes.subarray(first);
  const isNegative = ((digits[0] ?? 0) & 0x80) !== 0;
  return sshString(isNegative ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads what SSH wrote, from front to back. Its methods throw PROTOCOL at the end of the bytes. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  /** A view on the bytes. */
  string(): Buffer {
    return this.#take(this.uint32());
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new TsbuildxError('PROTOCOL', 'an SSH message is shorter than it says');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
