import {
  ConnectionError,
  DEFAULT_FRAME_BYTES,
  DEFAULT_WINDOW_BYTES,
  ErrorCode,
  MAX_WINDOW_BYTES,
  Setting,
} from './frames.ts';

const ENTRY_BYTES = 6;
const MAX_FRAME_BYTES = 0xff_ffff;

/** What the peer has told about itself, as far as it matters to those who compress no headers. */
export class PeerSettings {
  initialWindow: number = DEFAULT_WINDOW_BYTES;
  maxFrame: number = DEFAULT_FRAME_BYTES;
  /** Streams of ours that it serves at the same time. */
  maxStreams: number = Number.POSITIVE_INFINITY;

  /** Takes over a SETTINGS frame; by how much the window of every open stream grows. Errors: ConnectionError. */
  apply(payload: Buffer): number {
    if (payload.length % ENTRY_BYTES !== 0) {
      throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `SETTINGS of ${payload.length} bytes`);
    }
    const before = this.initialWindow;
    for (let at = 0; at < payload.length; at += ENTRY_BYTES) {
      this.#set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
    }
    return this.initialWindow - before;
  }

  #set(id: number, value: number): void {
    switch (id) {
      case Setting.ENABLE_PUSH:
        if (value > 1) throw invalid(ErrorCode.PROTOCOL_ERROR, id, value);
        break;
      case Setting.MAX_CONCURRENT_STREAMS:
        this.maxStreams = value;
        break;
      case Setting.INITIAL_WINDOW_SIZE:
        if (value > MAX_WINDOW_BYTES) throw invalid(ErrorCode.FLOW_CONTROL_ERROR, id, value);
        this.initialWindow = value;
        break;
      case Setting.MAX_FRAME_SIZE:
        if (value < DEFAULT_FRAME_BYTES || value > MAX_FRAME_BYTES) throw invalid(ErrorCode.PROTOCOL_ERROR, id, value);
        this.maxFrame = value;
        break;
      default:
    }
  }
}

function invalid(errorCode: number, id: number, value: number): ConnectionError {
  return new ConnectionError(errorCode, `setting ${id} cannot be ${value}`);
}
