import type { Duplex } from 'node:stream';
import { messageOf } from '../../base/errors.ts';
import { type HeaderField, Http2Client, KeepAlive } from '../../transport/index.ts';
import { CallStream } from './call-stream.ts';
import type { RpcError } from './rpc-error.ts';
import { lostError } from './status-error.ts';

export interface ConnectionOptions {
  /** Which daemon it is, for messages. */
  readonly endpoint: string;
  /** Value of `:authority`. */
  readonly authority: string;
  /** Milliseconds that the daemon may take for its first byte. */
  readonly connectMs: number;
  /** Milliseconds of silence after which the daemon is pinged while calls are open. */
  readonly keepAliveMs: number;
  readonly pingTimeoutMs: number;
  /** How many calls the daemon takes at the same time, where another connection has told. */
  readonly maxCalls: number | undefined;
}

/** Told when the connection is gone. */
export type LostListener = (error: RpcError) => void;

/** Milliseconds of silence before a ping while the daemon itself writes often, which is what grpc-go's servers ask for. */
const LIVELY_KEEP_ALIVE_MS = 15_000;

/** One HTTP/2 connection over any stream, for gRPC: pings while calls are open, one reason at its end. */
export class Connection {
  readonly #stream: Duplex;
  readonly #http2: Http2Client;
  readonly #options: ConnectionOptions;
  readonly #listeners = new Set<LostListener>();
  readonly #keepAlive: KeepAlive;
  readonly #connecting: NodeJS.Timeout;
  #lost: RpcError | undefined;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    const { connectMs, keepAliveMs, pingTimeoutMs } = options;
    this.#http2 = new Http2Client(stream, { maxStreams: options.maxCalls });
    this.#keepAlive = new KeepAlive(this.#http2, {
      quietMs: keepAliveMs,
      answerMs: pingTimeoutMs,
      onSilent: (why) => this.#giveUp(why),
    });
    this.#connecting = setTimeout(() => {
      if (this.#http2.heardAt === undefined) this.#giveUp(`no answer for ${connectMs / 1000} seconds`);
    }, connectMs).unref();
    this.#http2.run().then(
      () => this.#lose('the daemon closed the connection'),
      (error: unknown) => this.#lose(messageOf(error), error),
    );
  }

  /** Why no further call can be made. */
  get lost(): RpcError | undefined {
    return this.#lost;
  }

  get maxCalls(): number {
    return this.#http2.maxStreams;
  }

  /** Whether a further call would be refused as long as none has ended. */
  get isFull(): boolean {
    return this.#lost === undefined && this.#http2.isFull;
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
    if (this.#listeners.size === 1) this.#keepAlive.start();
    const release = (): void => {
      if (this.#listeners.delete(onLost) && this.#listeners.size === 0) this.#keepAlive.stop();
    };
    return { stream, release };
  }

  /** Says that from now on the daemon writes every few seconds, so that it may be pinged as often. */
  expectLively(): void {
    this.#keepAlive.start(Math.min(this.#options.keepAliveMs, LIVELY_KEEP_ALIVE_MS));
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

  #giveUp(why: string): void {
    this.#lose(why);
    this.#http2.close();
    this.#stream.destroy();
  }

  #lose(why: string, cause?: unknown): void {
    if (this.#lost !== undefined) return;
    clearTimeout(this.#connecting);
    this.#keepAlive.stop();
    this.#lost = lostError(this.#options.endpoint, why, cause);
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(this.#lost);
  }
}
