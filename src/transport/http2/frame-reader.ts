import { ConnectionError, ErrorCode, FRAME_HEADER_BYTES, Flag, type FrameHeader, FrameType } from './frames.ts';

/** What comes out of the reader. Payloads are views on what was pushed. */
export interface FrameSink {
  /** The header of a DATA frame was read: the moment to check stream and windows, before anything is kept. */
  dataBegins(header: FrameHeader): void;
  /** A piece of a DATA frame's content. */
  data(streamId: number, piece: Buffer): void;
  dataEnds(header: FrameHeader): void;
  /** A complete frame of any other type. */
  frame(header: FrameHeader, payload: Buffer): void;
}

/** What a client's bytes begin with. */
export const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const EMPTY = Buffer.alloc(0);

type Reading =
  | { readonly kind: 'preface' }
  | { readonly kind: 'header' }
  /** `joined` takes the payload when it does not come in one piece. */
  | { readonly kind: 'payload'; readonly header: FrameHeader; joined: Buffer | undefined; filled: number }
  /** `rest` counts content and padding; `padding` is undefined until its length was read. */
  | { readonly kind: 'data'; readonly header: FrameHeader; rest: number; padding: number | undefined };

/**
 * Cuts a peer's bytes into frames. Content of DATA frames goes out as it comes; other frames are joined first, which
 * the limit on their size bounds.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #maxFrame: number;
  #reading: Reading;
  /** The beginning of a preface or frame header. */
  #partial: Buffer = EMPTY;

  constructor(sink: FrameSink, maxFrame: number, peer: 'client' | 'server') {
    this.#reading = { kind: peer === 'client' ? 'preface' : 'header' };
    this.#sink = sink;
    this.#maxFrame = maxFrame;
  }

  /** Errors: ConnectionError, and what the sink throws. */
  push(chunk: Buffer): void {
    let input = this.#partial.length === 0 ? chunk : Buffer.concat([this.#partial, chunk]);
    this.#partial = EMPTY;
    for (;;) {
      const used = this.#read(input);
      if (used === undefined) break;
      input = input.subarray(used);
    }
    // A copy: one small rest must not keep a large chunk alive.
    if (input.length > 0) this.#partial = Buffer.from(input);
  }

  /** Reads one thing; how many bytes it took, or undefined when there are too few. */
  #read(input: Buffer): number | undefined {
    const reading = this.#reading;
    switch (reading.kind) {
      case 'preface':
        return this.#readPreface(input);
      case 'header':
        return input.length < FRAME_HEADER_BYTES ? undefined : this.#readHeader(input);
      case 'payload':
        return this.#readPayload(input, reading);
      case 'data':
        return this.#readData(input, reading);
      default:
        return reading;
    }
  }

  #readPreface(input: Buffer): number | undefined {
    const length = Math.min(input.length, PREFACE.length);
    if (input.compare(PREFACE, 0, length, 0, length) !== 0) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'the stream does not begin as HTTP/2 does');
    }
    if (length < PREFACE.length) return undefined;
    this.#reading = { kind: 'header' };
    return length;
  }

  #readHeader(input: Buffer): number {
    const length = input.readUIntBE(0, 3);
    const header = { length, type: input[3] ?? 0, flags: input[4] ?? 0, streamId: input.readUInt32BE(5) & 0x7fff_ffff };
    if (length > this.#maxFrame) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `frame of ${length} bytes`);
    if (header.type === FrameType.DATA) {
      this.#sink.dataBegins(header);
      this.#reading = {
        kind: 'data',
        header,
        rest: length,
        padding: (header.flags & Flag.PADDED) === 0 ? 0 : undefined,
      };
    } else {
      this.#reading = { kind: 'payload', header, joined: undefined, filled: 0 };
    }
    return FRAME_HEADER_BYTES;
  }

  #readPayload(input: Buffer, reading: Reading & { kind: 'payload' }): number | undefined {
    const { header } = reading;
    const used = Math.min(input.length, header.length - reading.filled);
    if (used < header.length) {
      if (used === 0 && reading.filled < header.length) return undefined;
      reading.joined ??= Buffer.allocUnsafe(header.length);
      input.copy(reading.joined, reading.filled, 0, used);
      reading.filled += used;
      if (reading.filled < header.length) return used;
    }
    this.#reading = { kind: 'header' };
    this.#sink.frame(header, reading.joined ?? input.subarray(0, used));
    return used;
  }

  #readData(input: Buffer, reading: Reading & { kind: 'data' }): number | undefined {
    if (reading.padding === undefined) {
      if (reading.rest === 0)
        throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'padded frame without a length of it');
      if (input.length === 0) return undefined;
      reading.padding = input[0] ?? 0;
      reading.rest--;
      if (reading.padding > reading.rest) {
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'padding is longer than its frame');
      }
      return 1;
    }
    const used = Math.min(input.length, reading.rest);
    const content = Math.min(used, reading.rest - reading.padding);
    if (content > 0) this.#sink.data(reading.header.streamId, input.subarray(0, content));
    reading.rest -= used;
    if (reading.rest > 0) return used === 0 ? undefined : used;
    this.#reading = { kind: 'header' };
    this.#sink.dataEnds(reading.header);
    return used;
  }
}
