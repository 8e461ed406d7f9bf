// HTTP/2 over one byte stream (RFC 9113), what both sides have in common. Not node:http2, which takes 128 header pairs,
// 8 CONTINUATION frames and 64 KiB a header at most, joins header values of one name, copies data more often, and takes
// longer to load than all that a build needs besides.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import {
  ConnectionError,
  DEFAULT_FRAME_BYTES,
  DEFAULT_WINDOW_BYTES,
  ErrorCode,
  encodeFrame,
  encodeGoaway,
  encodeReset,
  encodeSettings,
  encodeWindowUpdate,
  Flag,
  type FrameHeader,
  FrameType,
  MAX_WINDOW_BYTES,
  Setting,
} from './frames.ts';
import { HeaderBlock } from './header-block.ts';
import { type HeaderField, HpackDecoder } from './hpack.ts';
import { Output } from './output.ts';
import { PeerSettings } from './peer-settings.ts';
import type { Http2Stream } from './stream.ts';

/** What the peer may open at a time. */
export const MAX_STREAMS = 256;
/** What the peer may send on each stream before it is asked for more. */
export const STREAM_WINDOW_BYTES: number = 2 * 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
const PING_BYTES = Buffer.alloc(8);
const HEADER_TABLE_BYTES = 4096;
/** Long lists of patterns come as headers: 100,000 of them fit. */
const HEADER_LIST_BYTES = 16 * 1024 * 1024;

export abstract class Http2Connection implements FrameSink {
  readonly #duplex: Duplex;
  readonly #reader: FrameReader;
  readonly #hpack = new HpackDecoder(HEADER_TABLE_BYTES, HEADER_LIST_BYTES);
  readonly #ended = Promise.withResolvers<void>();
  protected readonly output: Output;
  protected readonly peer: PeerSettings = new PeerSettings();
  protected readonly streams: Map<number, Http2Stream> = new Map();
  /** The highest number of a stream that was opened. */
  protected lastStreamId = 0;
  #block: HeaderBlock | undefined;
  #receiveWindow = DEFAULT_WINDOW_BYTES;
  #consumed = 0;
  #frameContent = 0;
  #hasSettings = false;
  /** Something in the chunk that is being read is still needed when it was read. */
  #keepsChunk = false;
  #isOver = false;
  #heardAt: number | undefined;

  /** `peer` is what is at the other end: a client's bytes begin with a preface. */
  constructor(duplex: Duplex, peer: 'client' | 'server') {
    this.#duplex = duplex;
    this.#reader = new FrameReader(this, DEFAULT_FRAME_BYTES, peer);
    this.output = new Output(duplex);
  }

  /** A header block that is complete: of a new stream, or of one that is open. */
  protected abstract onHeaders(block: HeaderBlock, fields: readonly HeaderField[]): void;
  /** The peer wants to end the connection. */
  protected abstract onGoaway(payload: Buffer): void;
  /** The highest number of a stream that the peer opened. */
  protected abstract get lastPeerStreamId(): number;
  /** The byte stream ended or broke under open streams. */
  protected abstract lostError(cause: Error | undefined): TsbuildxError;
  /** How the peer gave up a stream, or why it could not be served. */
  protected abstract resetError(errorCode: number): TsbuildxError;

  /** When the peer was heard last, by `performance.now()`; undefined: never. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  protected get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Serves until the peer ends the byte stream or `close` is called.
   * Rejects with code PROTOCOL when the peer broke HTTP/2, TRANSPORT when the byte stream broke.
   */
  async run(): Promise<void> {
    this.begin();
    await this.#ended.promise;
  }

  /** Ends the connection; calls that still run are aborted. */
  close(): void {
    this.end(undefined);
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.output.control(encodeFrame(FrameType.PING, 0, 0, PING_BYTES));
  }

  protected begin(): void {
    const duplex = this.#duplex;
    duplex.on('error', (error: Error) => this.end(this.lostError(error)));
    duplex.on('close', () => this.end(this.lostError(undefined)));
    duplex.on('end', () => this.end(undefined));
    this.output.control(
      encodeSettings([
        [Setting.ENABLE_PUSH, 0],
        [Setting.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
        [Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW_BYTES],
        [Setting.MAX_HEADER_LIST_SIZE, HEADER_LIST_BYTES],
      ]),
    );
    this.output.control(encodeWindowUpdate(0, CONNECTION_WINDOW_BYTES - DEFAULT_WINDOW_BYTES));
    this.#receiveWindow = CONNECTION_WINDOW_BYTES;
    duplex.on('data', (chunk: Buffer) => this.#push(chunk));
  }

  dataBegins({ streamId, length }: FrameHeader): void {
    this.#expectFrame(FrameType.DATA, streamId);
    this.#expectStream(streamId);
    this.#frameContent = 0;
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0)
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'more data than the window allows');
    const stream = this.streams.get(streamId);
    if (stream === undefined) return;
    stream.receiveWindow -= length;
    if (stream.remoteEnded) stream.reset(ErrorCode.STREAM_CLOSED);
    else if (stream.receiveWindow < 0) stream.reset(ErrorCode.FLOW_CONTROL_ERROR);
  }

  data(streamId: number, piece: Buffer): void {
    this.#frameContent += piece.length;
    if (this.streams.get(streamId)?.receiver?.data(piece) === true) this.#keepsChunk = true;
  }

  dataEnds({ streamId, length, flags }: FrameHeader): void {
    this.#consumed += length;
    if (this.#consumed >= CONNECTION_WINDOW_BYTES / 2) {
      this.output.control(encodeWindowUpdate(0, this.#consumed));
      this.#receiveWindow += this.#consumed;
      this.#consumed = 0;
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) return;
    stream.consume(length - this.#frameContent);
    if ((flags & Flag.END_STREAM) !== 0) this.endRemote(stream);
  }

  frame(header: FrameHeader, payload: Buffer): void {
    const { type, flags, streamId } = header;
    this.#keepsChunk ||= payload.length > 0;
    this.#expectFrame(type, streamId);
    switch (type) {
      case FrameType.HEADERS:
        if (streamId % 2 === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `HEADERS on stream ${streamId}`);
        this.#block = new HeaderBlock(header, payload);
        this.#finishHeaders(flags);
        break;
      case FrameType.CONTINUATION:
        this.#block?.append(payload);
        this.#finishHeaders(flags);
        break;
      case FrameType.PRIORITY:
        expectOn(streamId !== 0, 'PRIORITY', streamId);
        if (payload.length !== 5) this.#resetStream(streamId, ErrorCode.FRAME_SIZE_ERROR);
        break;
      case FrameType.RST_STREAM:
        this.#expectStream(streamId);
        expectSize(payload, 4);
        this.streams.get(streamId)?.abort(this.resetError(payload.readUInt32BE()));
        break;
      case FrameType.SETTINGS:
        expectOn(streamId === 0, 'SETTINGS', streamId);
        this.#onSettings(flags, payload);
        break;
      case FrameType.PUSH_PROMISE:
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'a push that was not allowed');
      case FrameType.PING:
        expectOn(streamId === 0, 'PING', streamId);
        expectSize(payload, 8);
        if ((flags & Flag.ACK) === 0) this.output.control(encodeFrame(FrameType.PING, Flag.ACK, 0, payload));
        break;
      case FrameType.GOAWAY:
        expectOn(streamId === 0, 'GOAWAY', streamId);
        if (payload.length < 8)
          throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `GOAWAY of ${payload.length} bytes`);
        this.onGoaway(payload);
        break;
      case FrameType.WINDOW_UPDATE:
        expectSize(payload, 4);
        this.#onWindowUpdate(streamId, payload.readUInt32BE() & 0x7fff_ffff);
        break;
      default:
      // Frames of unknown types are for extensions that we do not have.
    }
  }

  #push(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#heardAt = performance.now();
    this.#keepsChunk = false;
    try {
      this.#reader.push(chunk);
      if (!this.#keepsChunk && this.#duplex instanceof Socket) freeNow(chunk);
      if (this.output.isFlooded) {
        throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'the peer does not read the answers to its frames');
      }
    } catch (error) {
      this.end(
        error instanceof TsbuildxError ? error : new TsbuildxError('PROTOCOL', messageOf(error), { cause: error }),
      );
    }
  }

  protected end(error: TsbuildxError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const duplex = this.#duplex;
    const code = error instanceof ConnectionError ? error.errorCode : ErrorCode.NO_ERROR;
    duplex.once('finish', () => duplex.destroy());
    this.output.close(duplex.errored ? undefined : encodeGoaway(this.lastPeerStreamId, code));
    const reason = error ?? this.lostError(undefined);
    for (const stream of this.streams.values()) stream.abort(reason);
    if (error === undefined) this.#ended.resolve();
    else this.#ended.reject(error);
  }

  /** Errors: ConnectionError when a frame may not come now. */
  #expectFrame(type: number, streamId: number): void {
    if (!this.#hasSettings && type !== FrameType.SETTINGS) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'the first frame is no SETTINGS');
    }
    const expected = this.#block?.streamId;
    if (type === FrameType.CONTINUATION ? expected !== streamId : expected !== undefined) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `frame of type ${type} at a place where it may not be`);
    }
  }

  /** Errors: ConnectionError when the stream was never opened. */
  #expectStream(streamId: number): void {
    if (streamId === 0 || streamId > this.lastStreamId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `stream ${streamId} is not open`);
    }
  }

  #finishHeaders(flags: number): void {
    const block = this.#block;
    if (block === undefined || (flags & Flag.END_HEADERS) === 0) return;
    this.#block = undefined;
    this.onHeaders(block, this.#hpack.decode(block.join()));
  }

  protected endRemote(stream: Http2Stream): void {
    stream.endRemote();
  }

  #resetStream(streamId: number, errorCode: number): void {
    const stream = this.streams.get(streamId);
    if (stream === undefined) this.output.control(encodeReset(streamId, errorCode));
    else stream.reset(errorCode);
  }

  #onSettings(flags: number, payload: Buffer): void {
    if ((flags & Flag.ACK) !== 0) {
      expectSize(payload, 0);
      return;
    }
    this.#hasSettings = true;
    const growth = this.peer.apply(payload);
    this.output.maxFrame = this.peer.maxFrame;
    for (const stream of this.streams.values()) this.#growWindow(stream, growth);
    this.output.control(encodeFrame(FrameType.SETTINGS, Flag.ACK, 0, Buffer.alloc(0)));
  }

  #onWindowUpdate(streamId: number, increment: number): void {
    if (streamId === 0) {
      if (increment === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'window update of nothing');
      this.output.growWindow(increment);
      return;
    }
    this.#expectStream(streamId);
    const stream = this.streams.get(streamId);
    if (stream === undefined) return;
    if (increment === 0) stream.reset(ErrorCode.PROTOCOL_ERROR);
    else if (stream.sendWindow + increment > MAX_WINDOW_BYTES) stream.reset(ErrorCode.FLOW_CONTROL_ERROR);
    else this.#growWindow(stream, increment);
  }

  #growWindow(stream: Http2Stream, growth: number): void {
    stream.sendWindow += growth;
    if (stream.sendWindow > MAX_WINDOW_BYTES)
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'window too large');
    if (stream.sendWindow > 0) this.output.wake(stream);
  }
}

/** A socket's chunk has memory of its own. Left to the garbage collector, a fast download piles up a hundred megabytes. */
function freeNow({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

function expectOn(holds: boolean, what: string, streamId: number): void {
  if (!holds) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${what} on stream ${streamId}`);
}

function expectSize(payload: Buffer, size: number): void {
  if (payload.length !== size)
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `frame of ${payload.length} bytes`);
}
