import { CallError, GrpcStatus } from '../method.ts';

/** Bytes before each message: whether it is compressed, and its length. */
export const PREFIX_BYTES = 5;
/** Daemons send no message above 16 MiB; ours is beyond that, but not beyond what memory takes. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Messages up to this size that come in pieces are joined in memory that is used again. */
const POOLED_BYTES = 36 * 1024;
const MAX_FREE = 128;
const EMPTY = Buffer.alloc(0);

/** Messages that are complete, and what it takes to forget them. */
export interface MessageBatch {
  readonly messages: Uint8Array[];
  /** Bytes on the wire that the peer may replace once they are used. */
  owed: number;
  /** Memory in which messages were joined. */
  readonly joined: Buffer[];
}

/** Cuts the content of a stream into messages. */
export class MessageReader {
  #batch: MessageBatch = newBatch();
  readonly #free: Buffer[] = [];
  /** The beginning of a prefix. */
  #prefix: Buffer = EMPTY;
  #keepsPiece = false;
  #message: { readonly memory: Buffer; readonly length: number; filled: number } | undefined;

  /**
   * Reads a piece; how many of its bytes belong to a message that is not complete: the peer may replace those at once.
   * Error: CallError, after which the reader is of no use.
   */
  push(piece: Buffer): number {
    let at = 0;
    let used = 0;
    this.#keepsPiece = false;
    while (at < piece.length) {
      const next = this.#message === undefined ? this.#begin(piece, at) : this.#continue(piece, at);
      at = next;
      if (this.#message === undefined && this.#prefix.length === 0) used = at;
    }
    this.#batch.owed += used;
    return piece.length - used;
  }

  /** A message lies in the piece that was read last. */
  get keepsPiece(): boolean {
    return this.#keepsPiece;
  }

  /** True between two messages. */
  get atBoundary(): boolean {
    return this.#message === undefined && this.#prefix.length === 0;
  }

  /** All messages that are complete. */
  take(): MessageBatch {
    const batch = this.#batch;
    this.#batch = newBatch();
    return batch;
  }

  get isEmpty(): boolean {
    return this.#batch.messages.length === 0;
  }

  /** The messages of a batch are not used any more. */
  recycle({ joined }: MessageBatch): void {
    for (const memory of joined) if (this.#free.length < MAX_FREE) this.#free.push(memory);
  }

  #begin(piece: Buffer, at: number): number {
    let header = piece;
    let start = at;
    if (this.#prefix.length > 0 || piece.length - at < PREFIX_BYTES) {
      const missing = PREFIX_BYTES - this.#prefix.length;
      header = Buffer.concat([this.#prefix, piece.subarray(at, at + missing)]);
      if (header.length < PREFIX_BYTES) {
        this.#prefix = header;
        return piece.length;
      }
      start = 0;
      at += missing - PREFIX_BYTES;
      this.#prefix = EMPTY;
    }
    if (header[start] !== 0) throw new CallError(GrpcStatus.UNIMPLEMENTED, 'compressed messages are not supported');
    const length = header.readUInt32BE(start + 1);
    if (length > MAX_MESSAGE_BYTES) {
      throw new CallError(
        GrpcStatus.RESOURCE_EXHAUSTED,
        `message of ${length} bytes is larger than ${MAX_MESSAGE_BYTES}`,
      );
    }
    const body = at + PREFIX_BYTES;
    if (piece.length - body >= length) {
      this.#batch.messages.push(piece.subarray(body, body + length));
      this.#keepsPiece = true;
      return body + length;
    }
    const memory =
      length > POOLED_BYTES
        ? Buffer.allocUnsafeSlow(length)
        : (this.#free.pop() ?? Buffer.allocUnsafeSlow(POOLED_BYTES));
    this.#message = { memory, length, filled: 0 };
    return body;
  }

  #continue(piece: Buffer, at: number): number {
    const message = this.#message;
    if (message === undefined) return at;
    const used = Math.min(piece.length - at, message.length - message.filled);
    piece.copy(message.memory, message.filled, at, at + used);
    message.filled += used;
    if (message.filled === message.length) {
      this.#message = undefined;
      this.#batch.messages.push(message.memory.subarray(0, message.length));
      if (message.length <= POOLED_BYTES) this.#batch.joined.push(message.memory);
    }
    return at + used;
  }
}

function newBatch(): MessageBatch {
  return { messages: [], owed: 0, joined: [] };
}
