// Matches moby pkg/stdcopy: frames of 8 bytes (stream, three zeros, length) and data.
import { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

const HEADER_BYTES = 8;
const CANNOT_START = 'OCI runtime exec failed';
const STDERR_LIMIT = 4096;
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const SYSTEM_ERROR = 3;

/** Stdin and stdout of a process in a container, over the raw stream of an exec. Its stderr ends up in the errors. */
export class ExecStream extends Duplex {
  readonly #raw: Duplex;
  readonly #what: string;
  readonly #header: Buffer = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #kind = STDOUT;
  #remaining = 0;
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
    let at = 0;
    while (at < chunk.length && !this.destroyed) {
      if (this.#remaining === 0) {
        const taken = chunk.copy(this.#header, this.#headerBytes, at);
        this.#headerBytes += taken;
        at += taken;
        if (this.#headerBytes < HEADER_BYTES) return;
        if (!this.#startFrame()) return;
        continue;
      }
      const end = Math.min(chunk.length, at + this.#remaining);
      this.#take(chunk.subarray(at, end));
      this.#remaining -= end - at;
      at = end;
    }
  }

  #startFrame(): boolean {
    this.#headerBytes = 0;
    this.#kind = this.#header[0] ?? 0;
    this.#remaining = this.#header.readUInt32BE(4);
    if (this.#kind <= SYSTEM_ERROR && this.#header.readUIntBE(1, 3) === 0) return true;
    this.#fail('its output is not in frames: was it started with a terminal?');
    return false;
  }

  #take(piece: Buffer): void {
    switch (this.#kind) {
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
    const midFrame = this.#remaining > 0 || this.#headerBytes > 0;
    if (midFrame || (!this.#gotOutput && this.#stderr.length > 0)) this.#fail('it ended');
    else this.push(null);
  }

  #fail(why: string, cause?: unknown): void {
    if (this.destroyed) return;
    const stderr = this.#stderr.toString('utf8').trim();
    const text = `connection to ${this.#what} lost: ${why}${stderr === '' ? '' : `: ${stderr}`}`;
    this.destroy(new TsbuildxError('TRANSPORT', text, { cause }));
  }
}
