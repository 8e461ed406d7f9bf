// SPDY/3.1 as Kubernetes speaks it: what a client sends.

export const FrameType = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7 } as const;

/** Begins a control frame: its bit, and the version. */
export const CONTROL = 0x8003;
/** Bytes before the payload. */
export const HEAD = 8;
export const FIN = 1;

/** Checksum of the dictionary that both sides of SPDY/3 compress headers with. */
const DICTIONARY_ID = 0xe3c6a7c2;

/** An empty block: Go's reader hands out what it has when it comes to one, and does not look for a next block. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);

export function dataFrame(stream: number, data: Uint8Array, flags = 0): Buffer {
  const frame = Buffer.allocUnsafe(HEAD + data.length);
  frame.writeUInt32BE(stream, 0);
  frame.writeUInt32BE(((flags << 24) | data.length) >>> 0, 4);
  frame.set(data, HEAD);
  return frame;
}

export function controlFrame(type: number, payload: Uint8Array, flags = 0): Buffer {
  const frame = Buffer.allocUnsafe(HEAD + payload.length);
  frame.writeUInt16BE(CONTROL, 0);
  frame.writeUInt16BE(type, 2);
  frame.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4);
  frame.set(payload, HEAD);
  return frame;
}

/** Writes the headers of new streams. All of a connection go through one deflate stream, here in blocks that are stored. */
export class HeaderWriter {
  #begun = false;

  /** A frame that opens `stream`. */
  synStream(stream: number, headers: readonly (readonly [name: string, value: string])[]): Buffer {
    const head = Buffer.alloc(10); // stream, associated stream, priority, slot
    head.writeUInt32BE(stream, 0);
    return controlFrame(FrameType.synStream, Buffer.concat([head, this.#deflate(headerBlock(headers))]));
  }

  #deflate(block: Buffer): Buffer {
    const stored = Buffer.alloc(5);
    stored.writeUInt16LE(block.length, 1);
    stored.writeUInt16LE(~block.length & 0xffff, 3);
    if (this.#begun) return Buffer.concat([stored, block, FLUSH]);
    this.#begun = true;
    const zlib = Buffer.from([0x78, 0xbb, 0, 0, 0, 0]); // deflate, with a dictionary
    zlib.writeUInt32BE(DICTIONARY_ID, 2);
    return Buffer.concat([zlib, stored, block, FLUSH]);
  }
}

function headerBlock(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  const parts = headers.flatMap(([name, value]) => [Buffer.from(name), Buffer.from(value)]);
  return Buffer.concat([number(headers.length), ...parts.flatMap((part) => [number(part.length), part])]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
