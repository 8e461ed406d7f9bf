import { ConnectionError, ErrorCode, Flag, type FrameHeader } from './frames.ts';

const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
/** Empty frames cost the peer nothing. */
const MAX_EMPTY_FRAMES = 16;
/** Tiny ones cost the peer little and us a buffer each. Full frames reach the size long before. */
const MAX_FRAMES = 8192;
const PRIORITY_BYTES = 5;

/** A header block on its way: one HEADERS frame, and any number of CONTINUATION frames up to a total size. */
export class HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly #pieces: Buffer[] = [];
  #size = 0;
  #empty = 0;

  /** Errors: ConnectionError. */
  constructor({ streamId, flags }: FrameHeader, payload: Buffer) {
    this.streamId = streamId;
    this.endStream = (flags & Flag.END_STREAM) !== 0;
    const isPadded = (flags & Flag.PADDED) !== 0;
    const start = (isPadded ? 1 : 0) + ((flags & Flag.PRIORITY) === 0 ? 0 : PRIORITY_BYTES);
    const end = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
    if (start > payload.length) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'HEADERS frame is too short');
    if (start > end) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'padding is longer than its frame');
    this.append(payload.subarray(start, end));
  }

  /** Errors: ConnectionError when the block becomes too large. */
  append(piece: Buffer): void {
    this.#size += piece.length;
    if (piece.length === 0) this.#empty++;
    if (this.#size > MAX_BLOCK_BYTES || this.#empty > MAX_EMPTY_FRAMES || this.#pieces.length >= MAX_FRAMES) {
      throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'headers are too large');
    }
    // A copy: the view holds on to a whole chunk of the connection.
    this.#pieces.push(Buffer.from(piece));
  }

  join(): Buffer {
    return this.#pieces.length === 1 ? (this.#pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#pieces);
  }
}
