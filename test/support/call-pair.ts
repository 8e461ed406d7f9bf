import { TsbuildxError } from '../../src/base/errors.ts';
import type { Metadata, ServerCall } from '../../src/session/index.ts';

/** One end of a stream of gRPC messages that stays within the process. */
export class CallEnd implements ServerCall {
  readonly path = '/test';
  readonly metadata: Metadata;
  readonly #abort = new AbortController();
  readonly #inbox: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;
  peer: CallEnd | undefined;
  /** Called for every message that arrives, before it is given out. */
  onMessage: ((message: Uint8Array) => void) | undefined;

  constructor(metadata: Metadata = []) {
    this.metadata = metadata;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async *batches(): AsyncGenerator<readonly Uint8Array[]> {
    for (;;) {
      this.signal.throwIfAborted();
      if (this.#inbox.length > 0) yield this.#inbox.splice(0, 100);
      else if (this.#isClosed) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  send(message: Uint8Array): Promise<void> {
    if (this.peer !== undefined) this.peer.#receive(message.slice());
    return Promise.resolve();
  }

  async sendFramed(bytes: Uint8Array): Promise<void> {
    const view = Buffer.from(bytes);
    for (let at = 0; at < view.length; ) {
      const length = view.readUInt32BE(at + 1);
      if (this.peer !== undefined) this.peer.#receive(view.subarray(at + 5, at + 5 + length));
      at += 5 + length;
    }
    await Promise.resolve();
  }

  /** No more messages come from this end. */
  close(): void {
    if (this.peer === undefined) return;
    this.peer.#isClosed = true;
    this.peer.#notify();
  }

  /** Gives the call up. */
  cancel(): void {
    if (this.peer === undefined) return;
    this.peer.#abort.abort(new TsbuildxError('CANCELED', 'the call was canceled'));
    this.peer.#notify();
  }

  #receive(message: Uint8Array): void {
    this.onMessage?.(message);
    this.#inbox.push(message);
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Two ends: what one sends, the other receives. */
export function callPair(metadata: Metadata = []): [server: CallEnd, client: CallEnd] {
  const server = new CallEnd(metadata);
  const client = new CallEnd();
  server.peer = client;
  client.peer = server;
  return [server, client];
}
