// SPDY/3.1 as Kubernetes speaks it: what a server sends.
import { TsbuildxError } from '../../base/errors.ts';
import { CONTROL, FIN, HEAD } from './frames.ts';

export interface SpdyReceiver {
  /** A piece of a stream's data. Pieces are views of what was pushed. */
  onData(stream: number, piece: Buffer): void;
  /** The other side sends no more on the stream. */
  onFin(stream: number): void;
  onControl(type: number, payload: Buffer): void;
}

/** More than the headers of any answer have. */
const MAX_CONTROL = 64 * 1024;

/** Takes the frames of a server apart; data is handed on as it comes. Throws PROTOCOL. */
export class SpdyReader {
  readonly #receiver: SpdyReceiver;
  #rest: Buffer = Buffer.alloc(0);
  #data: { readonly stream: number; remaining: number; readonly isLast: boolean } | undefined;

  constructor(receiver: SpdyReceiver) {
    this.#receiver = receiver;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = Buffer.alloc(0);
    let at = 0;
    while (at < bytes.length) {
      const used = this.#data === undefined ? this.#readFrame(bytes, at) : this.#readData(bytes, at);
      if (used === 0) {
        this.#rest = Buffer.from(bytes.subarray(at));
        return;
      }
      at += used;
    }
  }

  #readFrame(bytes: Buffer, at: number): number {
    if (bytes.length - at < HEAD) return 0;
    const first = bytes.readUInt32BE(at);
    const flags = bytes.readUInt8(at + 4);
    const length = bytes.readUIntBE(at + 5, 3);
    if (first >>> 31 === 0) {
      this.#data = { stream: first, remaining: length, isLast: (flags & FIN) !== 0 };
      if (length === 0) this.#endData();
      return HEAD;
    }
    if (first >>> 16 !== CONTROL) throw broken('it has another version');
    if (length > MAX_CONTROL) throw broken('a control frame is too long');
    if (bytes.length - at < HEAD + length) return 0;
    this.#receiver.onControl(first & 0xffff, bytes.subarray(at + HEAD, at + HEAD + length));
    return HEAD + length;
  }

  #readData(bytes: Buffer, at: number): number {
    const data = this.#data;
    if (data === undefined) return 0;
    const length = Math.min(data.remaining, bytes.length - at);
    this.#receiver.onData(data.stream, bytes.subarray(at, at + length));
    data.remaining -= length;
    if (data.remaining === 0) this.#endData();
    return length;
  }

  #endData(): void {
    const data = this.#data;
    this.#data = undefined;
    if (data?.isLast === true) this.#receiver.onFin(data.stream);
  }
}

function broken(why: string): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `the API server broke the SPDY protocol: ${why}`);
}
