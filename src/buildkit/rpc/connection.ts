import type { Duplex } from 'node:stream';
import { messageOf } from '../../base/errors.ts';
import { type HeaderField, Http2Client } from '../../transport/index.ts';
import { CallStream } from './call-stream.ts';
import type { RpcError } from './rpc-error.ts';
import { lostError } from './status-error.ts';

export interface ConnectionOptions {
  /** Which daemon it is, for messages. */
  readonly endpoint: string;
  /** Value of `:authority`. */
  readonly authority: string;
  /** Milliseconds between pings while calls are open. */
  readonly keepAliveMs: number;
  readonly pingTimeoutMs: number;
}

/** Told when the connection is gone. */
export type LostListener = (error: RpcError) => void;

/** Milliseconds between pings while the daemon itself writes often, which is what grpc-go's servers ask for. */
const LIVELY_KEEP_ALIVE_MS = 15_000;

/** One HTTP/2 connection over any stream, for gRPC: pings while calls are open, one reason at its end. */
export class Connection {
  readonly #stream: Duplex;
  readonly #http2: Http2Client;
  readonly #options: ConnectionOptions;
  readonly #listeners = new Set<LostListener>();
  #keepAliveMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lost: RpcError | undefined;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#keepAliveMs = options.keepAliveMs;
    this.#http2 = new Http2Client(stream);
    this.#http2.run().then(
      () => this.#lose('the daemon closed the connection'),
      (error: unknown) => this.#lose(messageOf(error), error),
    );
  }

  /** Why no further call can be made. */
  get lost(): RpcError | undefined {
    return this.#lost;
  }

  /**
   * Opens a stream for one call. `onLost` is told when the connection goes before `release` is called.
   * Throws the reason when it is gone already.
   */
  open(
    path: string,
    metadata: readonly HeaderField[],
    onLost: LostListener,
  ): { stream: CallStream; release: () => void } {
    if (this.#lost !== undefined) throw this.#lost;
    const { refusal } = this.#http2;
    if (refusal !== undefined) throw lostError(this.#options.endpoint, refusal);
    const stream = new CallStream(this.#http2, [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', path],
      [':authority', this.#options.authority],
      ['te', 'trailers'],
      ['content-type', 'application/grpc'],
      ['user-agent', 'tsbuildx'],
      ...metadata,
    ]);
    this.#listeners.add(onLost);
    if (this.#listeners.size === 1) this.#schedulePing();
    const release = (): void => {
      if (this.#listeners.delete(onLost) && this.#listeners.size === 0) clearTimeout(this.#timer);
    };
    return { stream, release };
  }

  /** Says that from now on the daemon writes every few seconds, so that it may be pinged as often. */
  expectLively(): void {
    this.#keepAliveMs = Math.min(this.#keepAliveMs, LIVELY_KEEP_ALIVE_MS);
    this.#schedulePing();
  }

  /** Ends the connection and all its calls. */
  async close(reason: RpcError): Promise<void> {
    this.#lose(reason.message, reason);
    if (this.#stream.closed) return;
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
    this.#http2.close();
    this.#stream.destroy();
    await closed;
  }

  #schedulePing(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping(), this.#keepAliveMs).unref();
  }

  #ping(): void {
    if (this.#lost !== undefined) return;
    const { pingTimeoutMs } = this.#options;
    this.#timer = setTimeout(() => {
      this.#lose(`no answer to a ping for ${pingTimeoutMs / 1000} seconds`);
      this.#http2.close();
      this.#stream.destroy();
    }, pingTimeoutMs).unref();
    this.#http2.ping(() => {
      if (this.#listeners.size > 0 && this.#lost === undefined) this.#schedulePing();
    });
  }

  #lose(why: string, cause?: unknown): void {
    if (this.#lost !== undefined) return;
    clearTimeout(this.#timer);
    this.#lost = lostError(this.#options.endpoint, why, cause);
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(this.#lost);
  }
}
