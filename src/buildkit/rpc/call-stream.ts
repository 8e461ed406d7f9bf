import { Duplex } from 'node:stream';
import type { TsbuildxError } from '../../base/errors.ts';
import {
  type ClientReceiver,
  ErrorCode,
  type HeaderField,
  type Http2Client,
  type Http2Stream,
  StreamResetError,
} from '../../transport/index.ts';

/** Header fields by name, several values of one name in a list. */
export type HeaderRecord = Readonly<Record<string, string | string[]>>;

const END_STREAM = 0x1;
/** What may wait to be read before the daemon is held back. */
const READ_BUFFER_BYTES = 1024 * 1024;
const WRITE_BUFFER_BYTES = 512 * 1024;

/**
 * The HTTP/2 stream of one call, as a stream of Node with the events of node:http2's: `response` (fields, flags), `trailers`
 * (fields), `end`, `close`, `error`. A written chunk belongs to the caller again when its write has been called back.
 */
export class CallStream extends Duplex {
  /** The code that the stream was reset with, by either side; 0 when it was not. */
  rstCode = 0;
  readonly #stream: Http2Stream;
  #owed = 0;
  #hasResponse = false;
  #isOver = false;

  constructor(client: Http2Client, fields: readonly HeaderField[]) {
    super({ readableHighWaterMark: READ_BUFFER_BYTES, writableHighWaterMark: WRITE_BUFFER_BYTES });
    const receiver: ClientReceiver = {
      headers: (received, last) => this.#onHeaders(received, last),
      data: (piece) => this.#onData(piece),
      end: () => this.#onEnd(),
      abort: (error) => this.#onAbort(error),
    };
    this.#stream = client.open(fields, receiver);
  }

  /** Ends the call at once, with a code of HTTP/2; without an error event. */
  close(code: number = ErrorCode.CANCEL): void {
    if (this.destroyed) return;
    this.rstCode = code;
    this.destroy();
  }

  #onHeaders(fields: readonly HeaderField[], last: boolean): void {
    const record = toRecord(fields);
    if (this.#hasResponse) {
      this.emit('trailers', record);
    } else if (!String(record[':status']).startsWith('1')) {
      this.#hasResponse = true;
      this.emit('response', record, last ? END_STREAM : 0);
    }
  }

  #onData(piece: Buffer): boolean {
    this.#owed += piece.length;
    if (this.push(piece)) this.#pay();
    return true;
  }

  #onEnd(): void {
    this.#isOver = true;
    this.push(null);
    // The daemon may answer before it has read everything; what is still to be written is for nobody then.
    if (!this.writableFinished) this.once('end', () => this.destroy());
  }

  #onAbort(error: TsbuildxError): void {
    this.#isOver = true;
    const isReset = error instanceof StreamResetError;
    this.rstCode = isReset ? error.errorCode : ErrorCode.CANCEL;
    this.destroy(isReset ? undefined : error);
  }

  override _read(): void {
    this.#pay();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.sendData(chunk, () => done());
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    for (const [i, { chunk }] of chunks.entries())
      this.#stream.sendData(chunk, i === chunks.length - 1 ? () => done() : ignore);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.sendEnd();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#stream.receiver = undefined;
      this.#stream.reset(this.rstCode === 0 ? ErrorCode.CANCEL : this.rstCode);
    }
    done(error);
  }

  #pay(): void {
    if (this.#owed === 0) return;
    this.#stream.consume(this.#owed);
    this.#owed = 0;
  }
}

function ignore(): void {
  // Only the last piece of a write is waited for.
}

function toRecord(fields: readonly HeaderField[]): HeaderRecord {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const known = record[name];
    record[name] = known === undefined ? value : [known, value].flat();
  }
  return record;
}
