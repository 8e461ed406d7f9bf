import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { ErrorCode, type HeaderField, type Http2Stream, type StreamReceiver } from '../../transport/index.ts';
import { CallError, GrpcStatus, type Metadata, type ServerCall } from '../method.ts';
import { MessageReader, PREFIX_BYTES } from './message-reader.ts';
import { statusFields } from './status.ts';

const RESPONSE: readonly HeaderField[] = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
];
/** Messages up to this size are copied behind their prefix, larger ones follow it. */
const COPIED_BYTES = 16 * 1024;

/** A gRPC call on an HTTP/2 stream. */
export class GrpcCall implements ServerCall, StreamReceiver {
  readonly path: string;
  readonly metadata: Metadata;
  readonly #stream: Http2Stream;
  readonly #reader = new MessageReader();
  readonly #aborting = new AbortController();
  /** Those that wait for something to be sent. */
  readonly #waiting = new Set<(error: Error) => void>();
  #wake: (() => void) | undefined;
  #hasEnded = false;
  #error: Error | undefined;
  #hasResponded = false;

  constructor(stream: Http2Stream, path: string) {
    this.#stream = stream;
    this.path = path;
    this.metadata = stream.headers.filter(([name]) => !name.startsWith(':'));
    stream.receiver = this;
  }

  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  async *batches(): AsyncGenerator<readonly Uint8Array[]> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      if (!this.#reader.isEmpty) {
        const batch = this.#reader.take();
        yield batch.messages;
        this.#reader.recycle(batch);
        this.#stream.consume(batch.owed);
      } else if (this.#hasEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async send(message: Uint8Array): Promise<void> {
    const copied = message.length <= COPIED_BYTES ? message.length : 0;
    const head = Buffer.allocUnsafe(PREFIX_BYTES + copied);
    head[0] = 0;
    head.writeUInt32BE(message.length, 1);
    if (copied > 0) head.set(message, PREFIX_BYTES);
    const sent = [this.sendFramed(head)];
    if (copied < message.length) sent.push(this.sendFramed(message));
    await Promise.all(sent);
  }

  sendFramed(bytes: Uint8Array): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    this.#respond();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add(reject);
    this.#stream.sendData(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), () => {
      this.#waiting.delete(reject);
      resolve();
    });
    return promise;
  }

  /** Ends the call: with OK, or with the status of what was thrown. */
  finish(error: unknown): void {
    const fields = statusFields(error);
    this.#stream.sendHeaders(this.#hasResponded ? fields : [...RESPONSE, ...fields], true);
    this.#hasResponded = true;
    this.abort(new TsbuildxError('CANCELED', 'the call has ended'));
  }

  data(piece: Buffer): boolean {
    if (this.#error !== undefined) return false;
    try {
      this.#stream.consume(this.#reader.push(piece));
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(messageOf(error)));
    }
    this.#notify();
    return this.#reader.keepsPiece;
  }

  end(): void {
    this.#hasEnded = true;
    if (!this.#reader.atBoundary)
      this.#fail(new CallError(GrpcStatus.INTERNAL, 'the call ended in the middle of a message'));
    this.#notify();
  }

  abort(error: TsbuildxError): void {
    this.#fail(error);
    this.#notify();
  }

  #respond(): void {
    if (this.#hasResponded) return;
    this.#hasResponded = true;
    this.#stream.sendHeaders(RESPONSE, false);
  }

  #fail(error: Error): void {
    this.#error ??= error;
    for (const reject of this.#waiting) reject(this.#error);
    this.#waiting.clear();
    this.#aborting.abort(this.#error);
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Refuses what is no gRPC call. */
export function refuseStream(stream: Http2Stream, httpStatus: string): void {
  stream.sendHeaders([[':status', httpStatus]], true);
}

/** The path of a gRPC call; undefined when the request is none. */
export function grpcPath(stream: Http2Stream): string | undefined {
  let path: string | undefined;
  let isPost = false;
  let isGrpc = false;
  for (const [name, value] of stream.headers) {
    if (name === ':path') path = value;
    else if (name === ':method') isPost = value === 'POST';
    else if (name === 'content-type') isGrpc = value.startsWith('application/grpc');
  }
  return isPost && isGrpc ? path : undefined;
}

/** Gives up a stream that cannot be served now. */
export function refuseCall(stream: Http2Stream): void {
  stream.reset(ErrorCode.REFUSED_STREAM);
}
