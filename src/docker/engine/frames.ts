// Matches moby pkg/stdcopy: frames of 8 bytes (stream, three zeros, length) and data.

export const STDIN = 0;
export const STDOUT = 1;
export const STDERR = 2;
/** The engine itself, about what went wrong. */
export const SYSTEM_ERROR = 3;

const HEADER_BYTES = 8;

/** Takes output of several streams apart, as it comes. */
export class FrameReader {
  readonly #take: (stream: number, piece: Buffer) => void;
  readonly #header: Buffer = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #stream = STDOUT;
  #remaining = 0;

  /** `take` gets each piece of a frame; it is a view of the chunk. */
  constructor(take: (stream: number, piece: Buffer) => void) {
    this.#take = take;
  }

  /** Whether more of a frame has to come. */
  get midFrame(): boolean {
    return this.#remaining > 0 || this.#headerBytes > 0;
  }

  /** False when this is no output in frames; nothing more may be given then. */
  push(chunk: Buffer): boolean {
    for (let at = 0; at < chunk.length; ) {
      if (this.#remaining === 0) {
        const taken = chunk.copy(this.#header, this.#headerBytes, at);
        this.#headerBytes += taken;
        at += taken;
        if (this.#headerBytes < HEADER_BYTES) return true;
        if (!this.#startFrame()) return false;
        continue;
      }
      const end = Math.min(chunk.length, at + this.#remaining);
      this.#take(this.#stream, chunk.subarray(at, end));
      this.#remaining -= end - at;
      at = end;
    }
    return true;
  }

  #startFrame(): boolean {
    this.#headerBytes = 0;
    this.#stream = this.#header[0] ?? 0;
    this.#remaining = this.#header.readUInt32BE(4);
    return this.#stream <= SYSTEM_ERROR && this.#header.readUIntBE(1, 3) === 0;
  }
}
