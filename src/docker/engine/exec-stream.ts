import { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { FrameReader, STDERR, STDIN, STDOUT, SYSTEM_ERROR } from './frames.ts';

const CANNOT_START = 'OCI runtime exec failed';
const STDERR_LIMIT = 4096;

/** Stdin and stdout of a process in a container, over the raw stream of an exec. Its stderr ends up in the errors. */
export class ExecStream extends Duplex {
  readonly #raw: Duplex;
  readonly #what: string;
  readonly #frames: FrameReader = new FrameReader((stream, piece) => this.#take(stream, piece));
  #stderr: Buffer = Buffer.alloc(0);
  #gotOutput = false;

  /** `what` names the process in messages. */
  constructor(raw: Duplex, what: string) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    this.#what = what;
    raw.on('data', (chunk: Buffer) => this.#onData(chunk));
    raw.once('end', () => this.#onEnd());
    raw.once('error', (error: Error) => this.#fail(messageOf(error), error));
    raw.once('close', () => {
      if (!this.readableEnded) this.#onEnd();
    });
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, encoding, done);
  }

  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
    this.#raw.cork();
    for (const [i, { chunk, encoding }] of chunks.entries()) {
      if (i === chunks.length - 1) this.#raw.write(chunk, encoding, done);
      else this.#raw.write(chunk, encoding);
    }
    this.#raw.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#raw.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }

  #onData(chunk: Buffer): void {
    if (!this.#frames.push(chunk)) this.#fail('its output is not in frames: was it started with a terminal?');
  }

  #take(stream: number, piece: Buffer): void {
    if (this.destroyed) return;
    switch (stream) {
      case STDIN:
      case STDOUT:
        // The engine reports a command that it cannot start as if the command had said it.
        if (!this.#gotOutput && piece.toString('latin1').startsWith(CANNOT_START)) {
          this.#fail(piece.toString('utf8').trim());
          break;
        }
        this.#gotOutput = true;
        if (!this.push(piece)) this.#raw.pause();
        break;
      case STDERR:
      case SYSTEM_ERROR:
        this.#stderr = Buffer.concat([this.#stderr, piece]).subarray(-STDERR_LIMIT);
        break;
      default:
        break;
    }
  }

  /** Without any output there was nobody to talk to; then its stderr says why. */
  #onEnd(): void {
    if (this.destroyed) return;
    if (this.#frames.midFrame || (!this.#gotOutput && this.#stderr.length > 0)) this.#fail('it ended');
    else this.push(null);
  }

  #fail(why: string, cause?: unknown): void {
    if (this.destroyed) return;
    const stderr = this.#stderr.toString('utf8').trim();
    const text = `connection to ${this.#what} lost: ${why}${stderr === '' ? '' : `: ${stderr}`}`;
    this.destroy(new TsbuildxError('TRANSPORT', text, { cause }));
  }
}
