import { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { type CallStream, type HeaderRecord, type RpcClient, RpcError } from '../rpc/index.ts';
import { BytesReader, bytesPrefix } from './bytes-reader.ts';
import type { SessionDialer } from './client.ts';
import { SESSION_PATH } from './control-codec.ts';
import { sessionHeaderPairs } from './session-headers.ts';

/** What may wait to be sent before writers are told to stop; what waits goes out as one message. */
const WRITE_BUFFER_BYTES = 512 * 1024;
const READ_BUFFER_BYTES = 1024 * 1024;

/**
 * Opens sessions on `Control.Session` of a BuildKit, on the connection that `rpc` has. The stream is given before the
 * daemon has answered; a refusal is an error of the stream.
 */
export function controlSessionDialer(rpc: RpcClient): SessionDialer {
  return async (session, { signal }) => {
    const metadata = sessionHeaderPairs(session).map(([name, value]) => [name.toLowerCase(), value] as const);
    return new SessionStream(await rpc.openStream(SESSION_PATH, metadata, { signal }), rpc.endpoint);
  };
}

/** The bytes inside a bidirectional call of BytesMessage. Every write is one message, whatever was written meanwhile. */
class SessionStream extends Duplex {
  readonly #call: CallStream;
  readonly #endpoint: string;
  readonly #reader = new BytesReader();
  /** All data has come. A connection that is lost ends it as well: only the status tells that it was meant. */
  #ended = false;
  #succeeded = false;

  constructor(call: CallStream, endpoint: string) {
    super({ readableHighWaterMark: READ_BUFFER_BYTES, writableHighWaterMark: WRITE_BUFFER_BYTES, decodeStrings: true });
    this.#call = call;
    this.#endpoint = endpoint;
    call.on('data', (chunk: Buffer) => this.#onData(chunk));
    call.once('response', (headers: HeaderRecord) => this.#checkStatus(headers));
    call.once('trailers', (headers: HeaderRecord) => this.#checkStatus(headers));
    call.once('end', () => {
      this.#ended = true;
      this.#tryEnd();
    });
    call.once('error', (error: Error) => {
      if (error instanceof RpcError) this.destroy(error);
      else this.#fail(messageOf(error), error);
    });
    call.once('close', () => {
      if (!this.#ended || !this.#succeeded) this.#fail('the daemon closed it');
    });
  }

  override _read(): void {
    this.#call.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], chunk.length, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const buffers = chunks.map(({ chunk }) => chunk);
    let length = 0;
    for (const buffer of buffers) length += buffer.length;
    this.#send(buffers, length, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#call.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#call.close();
    done(error);
  }

  /** Buffers belong to the caller again when `done` is called. */
  #send(buffers: readonly Buffer[], length: number, done: (error?: Error | null) => void): void {
    const call = this.#call;
    const last = buffers.length - 1;
    call.cork();
    call.write(bytesPrefix(length));
    for (const [i, buffer] of buffers.entries()) {
      if (i === last) call.write(buffer, done);
      else call.write(buffer);
    }
    call.uncork();
  }

  #onData(chunk: Buffer): void {
    try {
      for (const piece of this.#reader.push(chunk)) if (!this.push(piece)) this.#call.pause();
    } catch (error) {
      this.destroy(error instanceof Error ? error : new TsbuildxError('PROTOCOL', String(error)));
    }
  }

  #checkStatus(headers: HeaderRecord): void {
    const status = headers['grpc-status'];
    if (typeof status !== 'string') return;
    this.#succeeded = status === '0';
    if (this.#succeeded) this.#tryEnd();
    else this.#fail(`${decodeMessage(headers['grpc-message'])} (gRPC status ${status})`);
  }

  #tryEnd(): void {
    if (!this.#ended || !this.#succeeded || this.destroyed) return;
    if (this.#reader.atBoundary) this.push(null);
    else this.#fail('it ended in the middle of a message');
  }

  #fail(why: string, cause?: unknown): void {
    if (this.destroyed) return;
    this.destroy(new TsbuildxError('TRANSPORT', `session with ${this.#endpoint} lost: ${why}`, { cause }));
  }
}

function decodeMessage(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
