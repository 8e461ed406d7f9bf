import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { Http2Connection, STREAM_WINDOW_BYTES } from './connection.ts';
import { PREFACE } from './frame-reader.ts';
import { ConnectionError, ErrorCode } from './frames.ts';
import type { HeaderBlock } from './header-block.ts';
import type { HeaderField } from './hpack.ts';
import { areTrailers, isResponse } from './requests.ts';
import { Http2Stream, type StreamReceiver } from './stream.ts';

/** Takes the response of a request. */
export interface ClientReceiver extends StreamReceiver {
  /** The fields of the response, and again those that end it; `last` when nothing follows. */
  headers(fields: readonly HeaderField[], last: boolean): void;
}

const MAX_STREAM_ID = 0x7fff_ffff;

/** The peer reset one stream, with this code of HTTP/2. */
export class StreamResetError extends TsbuildxError {
  override readonly name = 'StreamResetError';
  readonly errorCode: number;

  constructor(errorCode: number) {
    super('RPC_FAILED', `the daemon reset the call with HTTP/2 code ${errorCode}`);
    this.errorCode = errorCode;
  }
}

/** The client's side of a connection: requests go out at once, without waiting for the peer's settings. */
export class Http2Client extends Http2Connection {
  readonly #receivers = new Map<number, ClientReceiver>();
  #goingAway: string | undefined;

  /** @param maxStreams how many requests the peer serves at the same time, until it says so itself. Default: any number. */
  constructor(
    duplex: Duplex,
    { maxStreams = Number.POSITIVE_INFINITY }: { readonly maxStreams?: number | undefined } = {},
  ) {
    super(duplex, 'server');
    this.peer.maxStreams = maxStreams;
    this.output.control(PREFACE);
  }

  /** Why no further request can be made; undefined while one can. */
  get refusal(): string | undefined {
    if (this.#goingAway !== undefined) return this.#goingAway;
    return this.isOver ? 'the connection is closed' : undefined;
  }

  get maxStreams(): number {
    return this.peer.maxStreams;
  }

  /** Whether the peer serves as many requests as it takes at the same time: one more would be reset. */
  get isFull(): boolean {
    return this.streams.size > 0 && this.streams.size >= this.peer.maxStreams;
  }

  /** Starts a request; its content and its end are sent on the stream. Only while there is no `refusal`. */
  open(headers: readonly HeaderField[], receiver: ClientReceiver): Http2Stream {
    const id = this.lastStreamId === 0 ? 1 : this.lastStreamId + 2;
    if (id > MAX_STREAM_ID) throw new TsbuildxError('TRANSPORT', 'the connection has had too many calls');
    this.lastStreamId = id;
    const stream = new Http2Stream({
      id,
      headers,
      ended: false,
      isOurs: true,
      sendWindow: this.peer.initialWindow,
      receiveWindow: STREAM_WINDOW_BYTES,
      output: this.output,
      forget: () => {
        this.streams.delete(id);
        this.#receivers.delete(id);
      },
    });
    stream.receiver = receiver;
    this.streams.set(id, stream);
    this.#receivers.set(id, receiver);
    stream.sendHeaders(headers, false);
    return stream;
  }

  protected override onHeaders({ streamId, endStream }: HeaderBlock, fields: readonly HeaderField[]): void {
    if (streamId === 0 || streamId > this.lastStreamId) {
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `stream ${streamId} is not open`);
    }
    const stream = this.streams.get(streamId);
    const receiver = this.#receivers.get(streamId);
    // One that was given up here, while its response was on the way.
    if (stream === undefined || receiver === undefined) return;
    if (!isResponse(fields) && !(endStream && areTrailers(fields))) return stream.reset(ErrorCode.PROTOCOL_ERROR);
    receiver.headers(fields, endStream);
    if (endStream) stream.endRemote();
  }

  protected override onGoaway(payload: Buffer): void {
    const lastServed = payload.readUInt32BE() & MAX_STREAM_ID;
    const code = payload.readUInt32BE(4);
    const text = payload.toString('utf8', 8);
    this.#goingAway = `the daemon ended the connection (HTTP/2 code ${code}${text === '' ? '' : `: ${text}`})`;
    const error = new TsbuildxError('TRANSPORT', this.#goingAway);
    if (code !== ErrorCode.NO_ERROR) return this.end(error);
    // A peer that shuts down in good order finishes what it has begun.
    for (const stream of this.streams.values()) if (stream.id > lastServed) stream.abort(error);
  }

  protected override get lastPeerStreamId(): number {
    return 0;
  }

  protected override lostError(cause: Error | undefined): TsbuildxError {
    const why = cause === undefined ? 'the daemon closed the connection' : messageOf(cause);
    return new TsbuildxError('TRANSPORT', this.#goingAway ?? why, { cause });
  }

  protected override resetError(errorCode: number): TsbuildxError {
    return new StreamResetError(errorCode);
  }
}
