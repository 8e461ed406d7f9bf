import type { Duplex } from 'node:stream';
import type { CommandReceiver } from './carrier.ts';

/** How frames are read from a connection, and how its peer is asked for a sign of life. */
export interface LinkProtocol {
  /** Throws when the bytes are no frames. */
  push(chunk: Buffer): void;
  ping(): Buffer;
}

/** Bytes of stdin in one frame: what the API server's own client sends at once. */
const MAX_PIECE = 32 * 1024;

/** Milliseconds between pings, which keep proxies from closing a quiet connection, and until a silent peer is given up. */
const PING_MS = 5000;
const SILENCE_MS = 60_000;

/** The connection under a command's streams: held back when nobody reads, kept alive, told once that it is over. */
export class Link {
  readonly #raw: Duplex;
  readonly #receiver: CommandReceiver;
  readonly #timer: NodeJS.Timeout;
  #hasRoom = true;
  #isOver = false;
  #heard = performance.now();
  #isAnswering = false;
  /** The answer to the newest ping that came meanwhile. */
  #nextAnswer: Buffer | undefined;

  constructor(raw: Duplex, receiver: CommandReceiver, protocol: LinkProtocol) {
    this.#raw = raw;
    this.#receiver = receiver;
    this.#timer = setInterval(() => this.#checkPulse(protocol), PING_MS).unref();
    raw.on('data', (chunk: Buffer) => {
      if (this.#isOver) return;
      this.#heard = performance.now();
      try {
        protocol.push(chunk);
      } catch (error) {
        this.finish(error instanceof Error ? error : new Error(String(error)));
      }
      if (!this.#hasRoom) raw.pause();
    });
    raw.on('error', (error: Error) => this.finish(error));
    raw.once('end', () => this.finish());
    raw.once('close', () => this.finish());
  }

  /** Hands on a piece of stdout, and reads no more when there is no room for another. */
  stdout(piece: Buffer): void {
    if (!this.#receiver.onStdout(piece)) this.#hasRoom = false;
  }

  /** The command or the connection is over. */
  finish(cause?: Error): void {
    if (this.#isOver) return;
    this.#close();
    this.#receiver.onClosed(cause);
    this.#raw.destroy();
  }

  send(frame: Buffer, done?: () => void): void {
    if (this.#raw.writable) this.#raw.write(frame, done);
    else done?.();
  }

  /** Answers a ping. Of those that come while an answer waits for the peer to read, only the last one is answered. */
  answer(frame: Buffer): void {
    if (this.#isAnswering) {
      this.#nextAnswer = frame;
      return;
    }
    this.#isAnswering = true;
    this.send(frame, () => {
      this.#isAnswering = false;
      const next = this.#nextAnswer;
      this.#nextAnswer = undefined;
      if (next !== undefined && !this.#isOver) this.answer(next);
    });
  }

  /** Sends `data` in frames of a bearable size. */
  sendPieces(data: Uint8Array, frameOf: (piece: Uint8Array) => Buffer, done: (error?: Error | null) => void): void {
    this.#raw.cork();
    for (let at = 0; at < data.length; at += MAX_PIECE) {
      const frame = frameOf(data.subarray(at, at + MAX_PIECE));
      if (at + MAX_PIECE < data.length) this.#raw.write(frame);
      else this.#raw.write(frame, done);
    }
    this.#raw.uncork();
    if (data.length === 0) done();
  }

  resume(): void {
    this.#hasRoom = true;
    this.#raw.resume();
  }

  /** Closes the connection, with a last word if it can be said at once. */
  destroy(lastFrame?: Buffer): void {
    this.#close();
    const raw = this.#raw;
    if (lastFrame !== undefined && raw.writable && raw.writableLength === 0) raw.end(lastFrame, () => raw.destroy());
    else raw.destroy();
  }

  #close(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }

  #checkPulse(protocol: LinkProtocol): void {
    const now = performance.now();
    // a peer that is held back cannot be heard
    if (!this.#hasRoom) this.#heard = now;
    if (now - this.#heard < SILENCE_MS) this.send(protocol.ping());
    else this.finish(new Error(`nothing was heard for ${SILENCE_MS / 1000} seconds`));
  }
}
