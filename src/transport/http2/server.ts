import type { Duplex } from 'node:stream';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { Http2Connection, MAX_STREAMS, STREAM_WINDOW_BYTES } from './connection.ts';
import { ErrorCode, encodeReset } from './frames.ts';
import type { HeaderBlock } from './header-block.ts';
import type { HeaderField } from './hpack.ts';
import { areTrailers, isRequest } from './requests.ts';
import { Http2Stream } from './stream.ts';

/** The server's side of a connection. */
export class Http2Server extends Http2Connection {
  readonly #onStream: (stream: Http2Stream) => void;

  /** `onStream` sets the stream's receiver before it returns. */
  constructor(duplex: Duplex, onStream: (stream: Http2Stream) => void) {
    super(duplex, 'client');
    this.#onStream = onStream;
  }

  protected override onHeaders(block: HeaderBlock, fields: readonly HeaderField[]): void {
    const stream = this.streams.get(block.streamId);
    if (stream !== undefined) this.#onTrailers(stream, fields, block.endStream);
    else if (block.streamId > this.lastStreamId) this.#onRequest(block, fields);
  }

  protected override onGoaway(): void {
    // The peer opens no more streams; those that are open go on.
  }

  protected override get lastPeerStreamId(): number {
    return this.lastStreamId;
  }

  protected override lostError(cause: Error | undefined): TsbuildxError {
    const what = 'connection of the session lost';
    return cause === undefined ? new TsbuildxError('TRANSPORT', what) : wrap('TRANSPORT', what, cause);
  }

  protected override resetError(): TsbuildxError {
    return new TsbuildxError('CANCELED', 'the daemon canceled the call');
  }

  #onTrailers(stream: Http2Stream, fields: readonly HeaderField[], endStream: boolean): void {
    if (stream.remoteEnded) stream.reset(ErrorCode.STREAM_CLOSED);
    else if (!endStream || !areTrailers(fields)) stream.reset(ErrorCode.PROTOCOL_ERROR);
    else stream.endRemote();
  }

  #onRequest({ streamId, endStream }: HeaderBlock, headers: readonly HeaderField[]): void {
    this.lastStreamId = streamId;
    if (this.isOver) return;
    if (this.streams.size >= MAX_STREAMS) return this.output.control(encodeReset(streamId, ErrorCode.REFUSED_STREAM));
    if (!isRequest(headers)) return this.output.control(encodeReset(streamId, ErrorCode.PROTOCOL_ERROR));
    const stream = new Http2Stream({
      id: streamId,
      headers,
      ended: endStream,
      isOurs: false,
      sendWindow: this.peer.initialWindow,
      receiveWindow: STREAM_WINDOW_BYTES,
      output: this.output,
      forget: ({ id }) => this.streams.delete(id),
    });
    this.streams.set(streamId, stream);
    this.#onStream(stream);
    if (endStream) stream.receiver?.end();
  }
}
