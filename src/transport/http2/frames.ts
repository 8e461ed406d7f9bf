// HTTP/2 frames on the wire (RFC 9113, sections 4 and 6).
import { TsbuildxError } from '../../base/errors.ts';

export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const Flag = { ACK: 0x1, END_STREAM: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const;

export const Setting = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

export const ErrorCode = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  ENHANCE_YOUR_CALM: 11,
} as const;

export const FRAME_HEADER_BYTES = 9;
/** The smallest limit that a peer may have, and ours. */
export const DEFAULT_FRAME_BYTES = 16_384;
export const DEFAULT_WINDOW_BYTES = 65_535;
export const MAX_WINDOW_BYTES = 0x7fff_ffff;

/** The peer broke HTTP/2 in a way that ends the connection. */
export class ConnectionError extends TsbuildxError {
  override readonly name = 'ConnectionError';
  readonly errorCode: number;

  constructor(errorCode: number, message: string) {
    super('PROTOCOL', `HTTP/2: ${message}`);
    this.errorCode = errorCode;
  }
}

export interface FrameHeader {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly length: number;
}

export function writeFrameHeader(
  into: Buffer,
  at: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): void {
  into.writeUIntBE(length, at, 3);
  into[at + 3] = type;
  into[at + 4] = flags;
  into.writeUInt32BE(streamId, at + 5);
}

/** A small frame in one buffer. */
export function encodeFrame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(frame, 0, payload.length, type, flags, streamId);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

export function encodeSettings(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * 6);
  for (const [i, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, i * 6);
    payload.writeUInt32BE(value, i * 6 + 2);
  }
  return encodeFrame(FrameType.SETTINGS, 0, 0, payload);
}

export function encodeWindowUpdate(streamId: number, increment: number): Buffer {
  return encodeFrame(FrameType.WINDOW_UPDATE, 0, streamId, uint32(increment));
}

export function encodeReset(streamId: number, errorCode: number): Buffer {
  return encodeFrame(FrameType.RST_STREAM, 0, streamId, uint32(errorCode));
}

export function encodeGoaway(lastStreamId: number, errorCode: number): Buffer {
  return encodeFrame(FrameType.GOAWAY, 0, 0, Buffer.concat([uint32(lastStreamId), uint32(errorCode)]));
}

/** A header block, cut into as many frames as it needs. */
export function encodeHeaderFrames(streamId: number, block: Uint8Array, endStream: boolean, maxFrame: number): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at === 0 || at < block.length; at += maxFrame) {
    const flags =
      (at === 0 && endStream ? Flag.END_STREAM : 0) | (at + maxFrame >= block.length ? Flag.END_HEADERS : 0);
    const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
    frames.push(encodeFrame(type, flags, streamId, block.subarray(at, at + maxFrame)));
  }
  return Buffer.concat(frames);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
