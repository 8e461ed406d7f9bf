// An HTTP/2 server over one byte stream (RFC 9113). Not node:http2, which takes 128 header pairs and 8 CONTINUATION
// frames at most, joins header values of one name, and copies data more often.
import type { Duplex } from 'node:stream';
import { TsbuildxError, wrap } from '../../base/errors.ts';
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
import { areTrailers, isRequest } from './requests.ts';
import { Http2Stream } from './stream.ts';

const MAX_STREAMS = 256;
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
const HEADER_TABLE_BYTES = 4096;
/** Long lists of patterns come as headers: 100,000 of them fit. */
const HEADER_LIST_BYTES = 16 * 1024 * 1024;

export class Http2Connection implements FrameSink {
  readonly #duplex: Duplex;
  readonly #onStream: (stream: Http2Stream) => void;
  readonly #reader: FrameReader = new FrameReader(this, DEFAULT_FRAME_BYTES);
  readonly #output: Output;
  readonly #hpack = new HpackDecoder(HEADER_TABLE_BYTES, HEADER_LIST_BYTES);
  readonly #peer = new PeerSettings();
  readonly #streams = new Map<number, Http2Stream>();
  readonly #ended = Promise.withResolvers<void>();
  #block: HeaderBlock | undefined;
  #lastStreamId = 0;
  #receiveWindow = DEFAULT_WINDOW_BYTES;
  #consumed = 0;
  #frameContent = 0;
  #hasSettings = false;
  #isOver = false;

  /** `onStream` sets the stream's receiver before it returns. */
  constructor(duplex: Duplex, onStream: (stream: Http2Stream) => void) {
    this.#duplex = duplex;
    this.#onStream = onStream;
    this.#output = new Output(duplex);
  }

  /**
   * Serves until the peer ends the byte stream or `close` is called.
   * Rejects with code PROTOCOL when the peer broke HTTP/2, TRANSPORT when the byte stream broke.
   */
  async run(): Promise<void> {
    const duplex = this.#duplex;
    duplex.on('error', (error: Error) => this.#end(wrap('TRANSPORT', 'connection of the session lost', error)));
    duplex.on('close', () => this.#end(new TsbuildxError('TRANSPORT', 'connection of the session lost')));
    duplex.on('end', () => this.#end(undefined));
    this.#output.control(
      encodeSettings([
        [Setting.ENABLE_PUSH, 0],
        [Setting.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
        [Setting.INITIAL_WINDOW_SIZE, STREAM_WINDOW_BYTES],
        [Setting.MAX_HEADER_LIST_SIZE, HEADER_LIST_BYTES],
      ]),
    );
    this.#output.control(encodeWindowUpdate(0, CONNECTION_WINDOW_BYTES - DEFAULT_WINDOW_BYTES));
    this.#receiveWindow = CONNECTION_WINDOW_BYTES;
    duplex.on('data', (chunk: Buffer) => this.#push(chunk));
    await this.#ended.promise;
  }

  /** Ends the connection; calls that still run are aborted. */
  close(): void {
    this.#end(undefined);
  }

  dataBegins({ streamId, length }: FrameHeader): void {
    this.#expectFrame(FrameType.DATA, streamId);
    this.#expectStream(streamId);
    this.#frameContent = 0;
    this.#receiveWindow -= length;
    if (this.#receiveWindow < 0)
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'more data than the window allows');
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    stream.receiveWindow -= length;
    if (stream.remoteEnded) stream.reset(ErrorCode.STREAM_CLOSED);
    else if (stream.receiveWindow < 0) stream.reset(ErrorCode.FLOW_CONTROL_ERROR);
  }

  data(streamId: number, piece: Buffer): void {
    this.#frameContent += piece.length;
    this.#streams.get(streamId)?.receiver?.data(piece);
  }

  dataEnds({ streamId, length, flags }: FrameHeader): void {
    this.#consumed += length;
    if (this.#consumed >= CONNECTION_WINDOW_BYTES / 2) {
      this.#output.control(encodeWindowUpdate(0, this.#consumed));
      this.#receiveWindow += this.#consumed;
      this.#consumed = 0;
    }
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    stream.consume(length - this.#frameContent);
    if ((flags & Flag.END_STREAM) !== 0) this.#endRemote(stream);
  }

  frame(header: FrameHeader, payload: Buffer): void {
    const { type, flags, streamId } = header;
    this.#expectFrame(type, streamId);
    switch (type) {
      case FrameType.HEADERS:
        if (streamId % 2 === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `request on stream ${streamId}`);
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
        this.#streams.get(streamId)?.abort(new TsbuildxError('CANCELED', 'the daemon canceled the call'));
        break;
      case FrameType.SETTINGS:
        expectOn(streamId === 0, 'SETTINGS', streamId);
        this.#onSettings(flags, payload);
        break;
      case FrameType.PUSH_PROMISE:
        throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'a client cannot push');
      case FrameType.PING:
        expectOn(streamId === 0, 'PING', streamId);
        expectSize(payload, 8);
        if ((flags & Flag.ACK) === 0) this.#output.control(encodeFrame(FrameType.PING, Flag.ACK, 0, payload));
        break;
      case FrameType.GOAWAY:
        // The peer opens no more streams; those that are open go on.
        expectOn(streamId === 0, 'GOAWAY', streamId);
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
    try {
      this.#reader.push(chunk);
      if (this.#output.isFlooded) {
        throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'the peer does not read the answers to its frames');
      }
    } catch (error) {
      this.#end(error instanceof TsbuildxError ? error : wrap('PROTOCOL', 'session', error));
    }
  }

  #end(error: TsbuildxError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const duplex = this.#duplex;
    const code = error instanceof ConnectionError ? error.errorCode : ErrorCode.NO_ERROR;
    duplex.once('finish', () => duplex.destroy());
    this.#output.close(duplex.errored ? undefined : encodeGoaway(this.#lastStreamId, code));
    const reason = error ?? new TsbuildxError('TRANSPORT', 'the session has ended');
    for (const stream of this.#streams.values()) stream.abort(reason);
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
    if (streamId === 0 || streamId > this.#lastStreamId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `stream ${streamId} is not open`);
    }
  }

  #finishHeaders(flags: number): void {
    const block = this.#block;
    if (block === undefined || (flags & Flag.END_HEADERS) === 0) return;
    this.#block = undefined;
    const fields = this.#hpack.decode(block.join());
    const stream = this.#streams.get(block.streamId);
    if (stream !== undefined) this.#onTrailers(stream, fields, block.endStream);
    else if (block.streamId > this.#lastStreamId) this.#onRequest(block, fields);
  }

  #onTrailers(stream: Http2Stream, fields: readonly HeaderField[], endStream: boolean): void {
    if (stream.remoteEnded) stream.reset(ErrorCode.STREAM_CLOSED);
    else if (!endStream || !areTrailers(fields)) stream.reset(ErrorCode.PROTOCOL_ERROR);
    else this.#endRemote(stream);
  }

  #onRequest({ streamId, endStream }: HeaderBlock, headers: readonly HeaderField[]): void {
    this.#lastStreamId = streamId;
    if (this.#isOver) return;
    if (this.#streams.size >= MAX_STREAMS) return this.#output.control(encodeReset(streamId, ErrorCode.REFUSED_STREAM));
    if (!isRequest(headers)) return this.#output.control(encodeReset(streamId, ErrorCode.PROTOCOL_ERROR));
    const stream = new Http2Stream({
      id: streamId,
      headers,
      ended: endStream,
      sendWindow: this.#peer.initialWindow,
      receiveWindow: STREAM_WINDOW_BYTES,
      output: this.#output,
      forget: ({ id }) => this.#streams.delete(id),
    });
    this.#streams.set(streamId, stream);
    this.#onStream(stream);
    if (endStream) stream.receiver?.end();
  }

  #endRemote(stream: Http2Stream): void {
    stream.remoteEnded = true;
    stream.receiver?.end();
  }

  #resetStream(streamId: number, errorCode: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) this.#output.control(encodeReset(streamId, errorCode));
    else stream.reset(errorCode);
  }

  #onSettings(flags: number, payload: Buffer): void {
    if ((flags & Flag.ACK) !== 0) {
      expectSize(payload, 0);
      return;
    }
    this.#hasSettings = true;
    const growth = this.#peer.apply(payload);
    this.#output.maxFrame = this.#peer.maxFrame;
    for (const stream of this.#streams.values()) this.#growWindow(stream, growth);
    this.#output.control(encodeFrame(FrameType.SETTINGS, Flag.ACK, 0, Buffer.alloc(0)));
  }

  #onWindowUpdate(streamId: number, increment: number): void {
    if (streamId === 0) {
      if (increment === 0) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'window update of nothing');
      this.#output.growWindow(increment);
      return;
    }
    this.#expectStream(streamId);
    const stream = this.#streams.get(streamId);
    if (stream === undefined) return;
    if (increment === 0) stream.reset(ErrorCode.PROTOCOL_ERROR);
    else if (stream.sendWindow + increment > MAX_WINDOW_BYTES) stream.reset(ErrorCode.FLOW_CONTROL_ERROR);
    else this.#growWindow(stream, increment);
  }

  #growWindow(stream: Http2Stream, growth: number): void {
    stream.sendWindow += growth;
    if (stream.sendWindow > MAX_WINDOW_BYTES)
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, 'window too large');
    if (stream.sendWindow > 0) this.#output.wake(stream);
  }
}

function expectOn(holds: boolean, what: string, streamId: number): void {
  if (!holds) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${what} on stream ${streamId}`);
}

function expectSize(payload: Buffer, size: number): void {
  if (payload.length !== size)
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `frame of ${payload.length} bytes`);
}
