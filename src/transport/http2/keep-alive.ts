/** What is watched: a connection of HTTP/2. */
export interface WatchedConnection {
  /** When the peer was heard last, by `performance.now()`; undefined: never. */
  readonly heardAt: number | undefined;
  ping(): void;
}

export interface KeepAliveOptions {
  /** Milliseconds of silence after which the peer is pinged. */
  readonly quietMs: number;
  /** Milliseconds that it may stay silent then. */
  readonly answerMs: number;
  /** Told why when it stayed silent; nothing is watched any more. */
  readonly onSilent: (why: string) => void;
}

/**
 * Notices a peer that is gone without a word, which no byte stream tells. Any byte of it is a sign of life, not only the
 * answer to a ping: over a slow line that answer waits behind data.
 */
export class KeepAlive implements Disposable {
  readonly #connection: WatchedConnection;
  readonly #options: KeepAliveOptions;
  #quietMs: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: WatchedConnection, options: KeepAliveOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#quietMs = options.quietMs;
  }

  /** Watches from now on; with a shorter silence when one is given. */
  start(quietMs: number = this.#quietMs): void {
    this.#quietMs = quietMs;
    this.#since = performance.now();
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #wait(): void {
    const quiet = performance.now() - Math.max(this.#since, this.#connection.heardAt ?? 0);
    if (quiet >= this.#quietMs) this.#ping();
    // A timer may be early by a part of a millisecond.
    else this.#later(Math.ceil(this.#quietMs - quiet), () => this.#wait());
  }

  #ping(): void {
    const { answerMs, onSilent } = this.#options;
    const heardBefore = this.#connection.heardAt;
    const isSilent = (): boolean => this.#connection.heardAt === heardBefore;
    this.#connection.ping();
    this.#later(answerMs, () => {
      if (!isSilent()) return this.#wait();
      // When this process itself was held up, the answer lies in the socket.
      this.#later(Math.min(answerMs, 100), () => {
        if (isSilent()) onSilent(`no answer to a ping for ${answerMs / 1000} seconds`);
        else this.#wait();
      });
    });
  }

  #later(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, Math.max(ms, 0)).unref();
  }
}
