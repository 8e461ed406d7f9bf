import { write } from 'node:fs';
import { Writable } from 'node:stream';

/** Milliseconds until a terminal that takes nothing now, and does not wait, is tried again. */
const retryMs = 20;

/**
 * The terminal that a stream is open on. Node's own stream waits for it within each write: a terminal that stands still
 * (Ctrl-S, a connection that hangs) would hold up everything else, and the daemon gives up a session that is silent.
 */
export class TerminalOutput extends Writable {
  readonly isTTY = true;
  readonly #terminal: NodeJS.WriteStream & { readonly fd: number };

  constructor(terminal: NodeJS.WriteStream & { readonly fd: number }) {
    // what is under way is enough: a picture that waits is out of date
    super({ highWaterMark: 1, decodeStrings: false });
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.columns;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  override _write(chunk: Uint8Array | string, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, done);
  }

  #send(bytes: Uint8Array, done: (error?: Error | null) => void): void {
    if (bytes.length === 0) return done();
    write(this.#terminal.fd, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.#send(bytes, done), retryMs);
      else if (error !== null || written === bytes.length) done(error);
      else this.#send(bytes.subarray(written), done);
    });
  }
}
