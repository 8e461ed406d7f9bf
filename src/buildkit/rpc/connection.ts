import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../base/errors.ts';
import { lostError } from './status-error.ts';
import type { RpcError } from './rpc-error.ts';

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
const WINDOW_BYTES = 4 * 1024 * 1024;
/** The most that Node takes: error details with sources travel in one header. */
const MAX_HEADER_LIST_BYTES = 16 * 1024 * 1024 - 1;

/** One HTTP/2 connection over any stream, for gRPC: large windows, pings while something is open, one reason at its end. */
export class Connection {
  readonly #session: ClientHttp2Session;
  readonly #stream: Duplex;
  readonly #options: ConnectionOptions;
  readonly #listeners = new Set<LostListener>();
  #keepAliveMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lost: RpcError | undefined;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#keepAliveMs = options.keepAliveMs;
    this.#session = connectHttp2('http://localhost', {
      createConnection: () => stream,
      settings: { enablePush: false, initialWindowSize: WINDOW_BYTES, maxHeaderListSize: MAX_HEADER_LIST_BYTES },
      maxHeaderListPairs: 4096,
      maxSendHeaderBlockLength: MAX_HEADER_LIST_BYTES,
      maxSessionMemory: 1000,
    });
    this.#session.once('connect', () => {
      if (!this.#session.destroyed) this.#session.setLocalWindowSize(WINDOW_BYTES);
    });
    // The stream's own error says more than what HTTP/2 makes of it.
    stream.prependListener('error', (error: Error) => this.#lose(messageOf(error), error));
    this.#session.once('error', (error: Error) => this.#lose(messageOf(error), error));
    this.#session.once('goaway', (code: number, _last: number, data?: Uint8Array) => {
      // A daemon that shuts down in good order lets calls finish; the session then closes by itself.
      if (code === constants.NGHTTP2_NO_ERROR) return;
      const text = data === undefined ? '' : `: ${Buffer.from(data).toString('utf8')}`;
      this.#lose(`the daemon ended the connection (HTTP/2 code ${code}${text})`);
    });
    this.#session.once('close', () => this.#lose('the daemon closed the connection'));
    this.#session.unref();
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
    metadata: OutgoingHttpHeaders,
    onLost: LostListener,
  ): { stream: ClientHttp2Stream; release: () => void } {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#session.closed) throw lostError(this.#options.endpoint, 'the daemon is shutting down');
    const stream = this.#session.request({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': path,
      ':authority': this.#options.authority,
      te: 'trailers',
      'content-type': 'application/grpc',
      'user-agent': 'tsbuildx',
      ...metadata,
    });
    this.#listeners.add(onLost);
    if (this.#listeners.size === 1) {
      this.#session.ref();
      this.#schedulePing();
    }
    const release = (): void => {
      if (!this.#listeners.delete(onLost) || this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      if (!this.#session.destroyed) this.#session.unref();
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
    this.#session.destroy();
    this.#stream.destroy();
    await closed;
  }

  #schedulePing(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ping(), this.#keepAliveMs).unref();
  }

  #ping(): void {
    if (this.#session.destroyed) return;
    const { pingTimeoutMs } = this.#options;
    this.#timer = setTimeout(() => {
      this.#lose(`no answer to a ping for ${pingTimeoutMs / 1000} seconds`);
      this.#session.destroy();
      this.#stream.destroy();
    }, pingTimeoutMs).unref();
    this.#session.ping((error) => {
      if (error === null && this.#listeners.size > 0) this.#schedulePing();
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
