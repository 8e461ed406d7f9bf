import { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { Carrier, CommandReceiver } from './carrier.ts';
import { commandFailure } from './command-status.ts';

const STDERR_LIMIT = 4096;
const STATUS_LIMIT = 64 * 1024;

/**
 * Stdin and stdout of a command in a pod. Its stderr ends up in the errors. Ending the stream ends stdin, destroying it
 * closes the connection, which ends the command. Errors: TRANSPORT, PROTOCOL.
 */
export class CommandStream extends Duplex implements CommandReceiver {
  readonly #what: string;
  readonly #carrier: Carrier;
  #stderr: Buffer = Buffer.alloc(0);
  #status: Buffer = Buffer.alloc(0);

  /** `what` names the command in messages. */
  constructor(what: string, connect: (receiver: CommandReceiver) => Carrier) {
    super({ allowHalfOpen: true });
    this.#what = what;
    this.#carrier = connect(this);
  }

  override _read(): void {
    this.#carrier.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#carrier.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#carrier.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#carrier.destroy();
    done(error);
  }

  onStdout(piece: Buffer): boolean {
    return this.destroyed || this.push(piece);
  }

  onStderr(piece: Buffer): void {
    this.#stderr = Buffer.concat([this.#stderr, piece]).subarray(-STDERR_LIMIT);
  }

  onStatus(piece: Buffer): void {
    if (this.#status.length < STATUS_LIMIT) this.#status = Buffer.concat([this.#status, piece]);
  }

  onClosed(cause?: Error): void {
    if (this.destroyed || this.readableEnded) return;
    if (this.#status.length === 0) {
      // an end without a word is the connection's, not the command's
      this.#fail(cause === undefined ? 'it was closed' : messageOf(cause), cause);
      return;
    }
    const failure = commandFailure(this.#status.toString('utf8'));
    if (failure === undefined) this.push(null);
    else this.#fail(failure);
  }

  #fail(why: string, cause?: Error): void {
    const stderr = this.#stderr.toString('utf8').trim();
    const text = `connection to ${this.#what} lost: ${why}${stderr === '' ? '' : `: ${stderr}`}`;
    this.destroy(cause instanceof TsbuildxError ? cause : new TsbuildxError('TRANSPORT', text, { cause }));
  }
}
