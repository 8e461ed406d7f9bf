// RFC 6455: what a server sends. Payloads are handed on as they come, so that no length of a frame has to be believed.
import { TsbuildxError } from '../../base/errors.ts';

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameReceiver {
  /** A piece of a message. `isFirst`: it begins one. Pieces are views of what was pushed. */
  onData(piece: Buffer, isFirst: boolean): void;
  /** A whole ping, pong or close. */
  onControl(opcode: number, payload: Buffer): void;
}

const MAX_CONTROL = 125;

type State =
  | { readonly kind: 'head' }
  | { readonly kind: 'data'; remaining: number }
  | { readonly kind: 'control'; readonly opcode: number; readonly length: number };

/** Takes the frames of a server apart. Throws PROTOCOL. */
export class FrameReader {
  readonly #receiver: FrameReceiver;
  #state: State = { kind: 'head' };
  /** The beginning of a head or of a control frame. */
  #rest: Buffer = Buffer.alloc(0);
  #inMessage = false;
  #isFirst = false;

  constructor(receiver: FrameReceiver) {
    this.#receiver = receiver;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = Buffer.alloc(0);
    }
    let at = 0;
    while (at < bytes.length) {
      const used = this.#step(bytes, at);
      if (used === 0) {
        this.#rest = Buffer.from(bytes.subarray(at));
        return;
      }
      at += used;
    }
  }

  /** How many bytes were used; 0 when more are needed. */
  #step(bytes: Buffer, at: number): number {
    const state = this.#state;
    if (state.kind === 'head') return this.#readHead(bytes, at);
    if (state.kind === 'data') {
      const length = Math.min(state.remaining, bytes.length - at);
      this.#receiver.onData(bytes.subarray(at, at + length), this.#isFirst);
      this.#isFirst = false;
      state.remaining -= length;
      if (state.remaining === 0) this.#state = { kind: 'head' };
      return length;
    }
    const { opcode, length } = state;
    if (bytes.length - at < length) return 0;
    this.#state = { kind: 'head' };
    this.#receiver.onControl(opcode, bytes.subarray(at, at + length));
    return length;
  }

  #readHead(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return 0;
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    if ((first & 0x70) !== 0) throw broken('a reserved bit is set');
    if ((second & 0x80) !== 0) throw broken('a frame of the server is masked');
    const short = second & 0x7f;
    const head = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length - at < head) return 0;
    const length = short === 127 ? longLength(bytes, at + 2) : short === 126 ? bytes.readUInt16BE(at + 2) : short;
    this.#begin(first & 0x0f, (first & 0x80) !== 0, length);
    return head;
  }

  #begin(opcode: number, isFinal: boolean, length: number): void {
    if (opcode >= Opcode.close) {
      if (!isFinal || length > MAX_CONTROL) throw broken('a control frame is too long');
      if (length === 0) this.#receiver.onControl(opcode, Buffer.alloc(0));
      else this.#state = { kind: 'control', opcode, length };
      return;
    }
    if (opcode > Opcode.binary) throw broken(`unknown opcode ${opcode}`);
    if ((opcode === Opcode.continuation) !== this.#inMessage) throw broken('a message is not continued');
    if (!this.#inMessage) this.#isFirst = true;
    this.#inMessage = !isFinal;
    if (length > 0) this.#state = { kind: 'data', remaining: length };
  }
}

function longLength(bytes: Buffer, at: number): number {
  const length = bytes.readBigUInt64BE(at);
  if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw broken('a frame is too long');
  return Number(length);
}

function broken(why: string): TsbuildxError {
  return new TsbuildxError('PROTOCOL', `the API server broke the websocket protocol: ${why}`);
}
