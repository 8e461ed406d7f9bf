import type { Writable } from 'node:stream';
import { encodeBytes } from '../base/go-bytes.ts';

/** The stream that progress is written to. A reader that left makes it silent: nobody is told, and nothing fails. */
export class ProgressOutput {
  readonly #stream: Writable;
  #closed = false;
  #behind: Promise<void> | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Stays for the life of the stream: a write may fail long after the last one was made.
    stream.on('error', () => {
      this.#closed = true;
    });
  }

  get isBehind(): boolean {
    return this.#behind !== undefined;
  }

  /** Writes the text; the promise is there when its reader is behind, and resolves when it has caught up. */
  write(text: string): Promise<void> | undefined {
    if (text === '' || this.#closed) return undefined;
    if (this.#stream.write(encodeBytes(text))) return undefined;
    this.#behind ??= this.#drained();
    return this.#behind;
  }

  /** Resolves when everything was handed on. */
  async flushed(): Promise<void> {
    await this.#behind;
    if (this.#closed || this.#stream.writableLength === 0) return;
    await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
  }

  #drained(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const events = ['drain', 'error', 'close'] as const;
    const done = (): void => {
      for (const event of events) this.#stream.off(event, done);
      this.#behind = undefined;
      resolve();
    };
    for (const event of events) this.#stream.on(event, done);
    return promise;
  }
}
