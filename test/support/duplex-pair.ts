import { Duplex } from 'node:stream';

/** Two ends of a connection in memory. What is written to one arrives at the other in pieces of at most `pieceBytes`. */
export function duplexPair(pieceBytes: number = 64 * 1024): [Duplex, Duplex] {
  const [a, b] = [new End(pieceBytes), new End(pieceBytes)];
  a.peer = b;
  b.peer = a;
  return [a, b];
}

class End extends Duplex {
  peer: End | undefined;
  readonly #pieceBytes: number;
  #whenRead: (() => void) | undefined;

  constructor(pieceBytes: number) {
    super({ allowHalfOpen: true });
    this.#pieceBytes = pieceBytes;
  }

  override _read(): void {
    const resume = this.#whenRead;
    this.#whenRead = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    let wanted = true;
    for (let at = 0; at < chunk.length; at += this.#pieceBytes) {
      // The bytes are the writer's again when it is told that they are written.
      wanted = this.peer?.push(Buffer.from(chunk.subarray(at, at + this.#pieceBytes))) ?? false;
    }
    if (wanted || this.peer === undefined || this.peer.destroyed) done();
    else this.peer.#whenRead = done;
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { peer } = this;
    const resume = this.#whenRead;
    this.#whenRead = undefined;
    resume?.();
    if (peer !== undefined && !peer.destroyed && !peer.readableEnded) setImmediate(() => peer.push(null));
    done(error);
  }
}
