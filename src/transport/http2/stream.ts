import { TsbuildxError } from '../../base/errors.ts';
import {
  ErrorCode,
  encodeFrame,
  encodeHeaderFrames,
  encodeReset,
  encodeWindowUpdate,
  Flag,
  FrameType,
} from './frames.ts';
import { encodeHeaders, type HeaderField } from './hpack.ts';
import type { Outgoing, OutgoingStream, Output } from './output.ts';

/** Takes what the peer sends on a stream. */
export interface StreamReceiver {
  /** A piece of the content. True when it is kept: else its memory ends with the call. */
  data(piece: Buffer): boolean;
  end(): void;
  /** The stream is over, before or after its end: the peer gave it up, or the connection was lost. */
  abort(error: TsbuildxError): void;
}

/** One request and the response to it. */
export class Http2Stream implements OutgoingStream {
  readonly id: number;
  /** The request's fields, pseudo fields too. */
  readonly headers: readonly HeaderField[];
  readonly queue: Outgoing[] = [];
  sendWindow: number;
  waiting = false;
  /** The peer has sent its last frame. */
  remoteEnded: boolean;
  /** What the peer may still send. */
  receiveWindow: number;
  receiver: StreamReceiver | undefined;
  /** Whether the request is ours: then the stream goes on when it is sent, until the response has ended. */
  readonly #isOurs: boolean;
  readonly #windowSize: number;
  readonly #output: Output;
  readonly #forget: (stream: Http2Stream) => void;
  #consumed = 0;
  #localEnded = false;
  #opening: Outgoing | undefined;
  #isOver = false;

  constructor(options: {
    readonly id: number;
    readonly headers: readonly HeaderField[];
    readonly ended: boolean;
    readonly isOurs: boolean;
    readonly sendWindow: number;
    readonly receiveWindow: number;
    readonly output: Output;
    readonly forget: (stream: Http2Stream) => void;
  }) {
    this.id = options.id;
    this.headers = options.headers;
    this.remoteEnded = options.ended;
    this.#isOurs = options.isOurs;
    this.sendWindow = options.sendWindow;
    this.receiveWindow = options.receiveWindow;
    this.#windowSize = options.receiveWindow;
    this.#output = options.output;
    this.#forget = options.forget;
  }

  /** Lets the peer send as many bytes more. */
  consume(bytes: number): void {
    this.#consumed += bytes;
    if (this.#isOver || this.remoteEnded || this.#consumed < this.#windowSize / 2) return;
    this.#output.control(encodeWindowUpdate(this.id, this.#consumed));
    this.receiveWindow += this.#consumed;
    this.#consumed = 0;
  }

  /** Sends fields: the response's, or with `last` those that end it. */
  sendHeaders(fields: readonly HeaderField[], last: boolean): void {
    if (this.#isOver) return;
    const bytes = encodeHeaderFrames(this.id, encodeHeaders(fields), last, this.#output.maxFrame);
    const frames: Outgoing = { kind: 'frames', bytes, last };
    if (this.#isOurs) this.#opening ??= frames;
    this.#output.enqueue(this, frames);
  }

  /** Calls `done` when the bytes have left the process; never when the stream is over before. */
  sendData(bytes: Buffer, done: () => void): void {
    if (!this.#isOver) this.#output.enqueue(this, { kind: 'data', bytes, sent: 0, done });
  }

  /** Ends our side behind all that was sent. */
  sendEnd(): void {
    if (this.#isOver) return;
    const bytes = encodeFrame(FrameType.DATA, Flag.END_STREAM, this.id, Buffer.alloc(0));
    this.#output.enqueue(this, { kind: 'frames', bytes, last: true });
  }

  /** The peer has sent its last frame. */
  endRemote(): void {
    this.remoteEnded = true;
    // A response may end before the request did; the rest of that would be for nobody.
    if (this.#isOurs && !this.#localEnded) this.#output.control(encodeReset(this.id, ErrorCode.NO_ERROR));
    if (this.#isOurs) this.#close();
    this.receiver?.end();
  }

  /** Ends the stream at once, in both directions. */
  reset(errorCode: number): void {
    if (this.#isOver) return;
    // A request that has not left yet is just not made: the peer knows no such stream.
    const isKnown = this.#opening === undefined || !this.queue.includes(this.#opening);
    if (isKnown) this.#output.control(encodeReset(this.id, errorCode));
    this.abort(new TsbuildxError('CANCELED', 'the call was reset'));
  }

  abort(error: TsbuildxError): void {
    if (this.#isOver) return;
    this.#close();
    this.receiver?.abort(error);
  }

  sentLast(): void {
    this.#localEnded = true;
    if (this.#isOurs) return;
    // A peer that is not done is told that nobody listens any more.
    if (!this.remoteEnded) this.#output.control(encodeReset(this.id, ErrorCode.NO_ERROR));
    this.#close();
  }

  #close(): void {
    this.#isOver = true;
    this.queue.length = 0;
    this.#forget(this);
  }
}
