import { TsbuildxError } from '../../base/errors.ts';

const GRPC_HEADER_BYTES = 5;
/** Tag of `bytes data = 1`. */
const DATA_TAG = 0x0a;
/** A tag and a length of up to 32 bits. */
const MAX_PREFIX_BYTES = 6;

/**
 * Takes gRPC frames of BytesMessage apart without putting them together first: every piece of data is given on as it
 * arrives, as a view of the chunk it came in.
 */
export class BytesReader {
  readonly #header = Buffer.alloc(GRPC_HEADER_BYTES + MAX_PREFIX_BYTES);
  #headerBytes = 0;
  /** Bytes of data still to come of this message. */
  #remaining = 0;

  /** The data in `chunk`. Throws PROTOCOL. */
  push(chunk: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining > 0) {
        const end = Math.min(chunk.length, at + this.#remaining);
        pieces.push(chunk.subarray(at, end));
        this.#remaining -= end - at;
        at = end;
        continue;
      }
      this.#header[this.#headerBytes] = chunk[at] ?? 0;
      this.#headerBytes += 1;
      at += 1;
      this.#tryHeader();
    }
    return pieces;
  }

  /** True between messages: the stream may end here. */
  get atBoundary(): boolean {
    return this.#remaining === 0 && this.#headerBytes === 0;
  }

  #tryHeader(): void {
    if (this.#headerBytes < GRPC_HEADER_BYTES) return;
    if (this.#header[0] !== 0) throw broken('a compressed message');
    const messageBytes = this.#header.readUInt32BE(1);
    if (messageBytes === 0) {
      this.#headerBytes = 0;
      return;
    }
    const prefixBytes = this.#headerBytes - GRPC_HEADER_BYTES;
    if (prefixBytes === 0) return;
    if (this.#header[GRPC_HEADER_BYTES] !== DATA_TAG) throw broken('an unknown field');
    const last = this.#header[this.#headerBytes - 1] ?? 0;
    if (prefixBytes === 1 || last >= 0x80) {
      if (prefixBytes === MAX_PREFIX_BYTES) throw broken('a length that is too long');
      return;
    }
    let length = 0;
    for (let i = this.#headerBytes - 1; i > GRPC_HEADER_BYTES; i -= 1)
      length = length * 128 + ((this.#header[i] ?? 0) & 0x7f);
    if (length !== messageBytes - prefixBytes) throw broken('lengths that differ');
    this.#remaining = length;
    this.#headerBytes = 0;
  }
}

/** What goes before the data of one BytesMessage: the header of gRPC, the tag and the length. */
export function bytesPrefix(length: number): Buffer {
  const varint: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      varint.push(rest);
      break;
    }
    varint.push((rest % 128) | 0x80);
  }
  const prefix = Buffer.alloc(GRPC_HEADER_BYTES + 1);
  prefix.writeUInt32BE(1 + varint.length + length, 1);
  prefix[GRPC_HEADER_BYTES] = DATA_TAG;
  return Buffer.concat([prefix, Buffer.from(varint)]);
}

function broken(what: string): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `the daemon sent ${what} on the session's stream`);
}
