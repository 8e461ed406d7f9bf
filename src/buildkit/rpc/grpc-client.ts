import { TsbuildxError } from '../../base/errors.ts';
import type { Dialer, HeaderField } from '../../transport/index.ts';
import type { CallStream } from './call-stream.ts';
import type { CallOptions, RpcClient } from './client.ts';
import { Connection } from './connection.ts';
import { type CallEvents, type RunningCall, startCall } from './grpc-call.ts';
import type { Method } from './method.ts';
import { GRPC_STATUS, RpcError } from './rpc-error.ts';
import { canceledError, lostError } from './status-error.ts';
import { tracedClient } from './traced-client.ts';

export interface RpcClientOptions {
  /** Which daemon it is, for messages: `unix:///run/buildkit/buildkitd.sock`. */
  readonly endpoint: string;
  /** Value of `:authority`; a daemon behind TLS may compare it. Default `localhost`. */
  readonly authority?: string | undefined;
  /** Milliseconds that the daemon may take for its first byte once it is dialed. Default 60,000. */
  readonly connectMs?: number | undefined;
  /**
   * Milliseconds of silence before a ping while calls are open. Default 305,000: grpc-go's servers end connections that are pinged
   * more often than every five minutes; the engine's own `/grpc` does not, and may be pinged every few seconds.
   */
  readonly keepAliveMs?: number | undefined;
  /** Milliseconds after which a ping that is not answered ends the connection. Default 20,000. */
  readonly pingTimeoutMs?: number | undefined;
  /** What the dialer needs as long as there is a connection; disposed of with the client. */
  readonly via?: Disposable | undefined;
}

const DEFAULT_CONNECT_MS = 60_000;
const DEFAULT_KEEP_ALIVE_MS = 305_000;
const DEFAULT_PING_TIMEOUT_MS = 20_000;

type Link =
  | { readonly kind: 'idle' }
  | { readonly kind: 'dialing'; readonly ready: Promise<Connection> }
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'closed'; readonly reason: RpcError };

/**
 * A gRPC client over one connection, which is dialed at the first call, and over more of them where the daemon takes no further
 * calls on the first: builds keep calls open, and would wait for each other. A lost connection is dialed again only by
 * `connect`.
 */
export function createRpcClient(dial: Dialer, options: RpcClientOptions): RpcClient {
  const client = new GrpcClient(dial, options);
  return tracedClient(client, async () => {
    await client[Symbol.asyncDispose]();
    options.via?.[Symbol.dispose]();
  });
}

class GrpcClient implements RpcClient {
  readonly endpoint: string;
  readonly #dial: Dialer;
  readonly #options: RpcClientOptions;
  readonly #maxCalls: number | undefined;
  readonly #lifetime = new AbortController();
  #link: Link = { kind: 'idle' };
  /** Takes the calls for which there is no room. */
  #overflow: GrpcClient | undefined;

  constructor(dial: Dialer, options: RpcClientOptions, maxCalls?: number) {
    this.#dial = dial;
    this.#options = options;
    this.#maxCalls = maxCalls;
    this.endpoint = options.endpoint;
  }

  async connect({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    await this.#forgetLost();
    await this.#connection(signal);
  }

  async unary<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): Promise<Res> {
    const connection = this.#open() ?? (await this.#connection(options.signal));
    if (connection.isFull) return await this.#more(connection).unary(method, request, options);
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      let answer: Uint8Array | undefined;
      const call = start(connection, method, request, options, {
        onMessage: (message) => {
          if (answer !== undefined) {
            reject(protocolError(`${method.path} was answered twice`));
            call.cancel();
            return;
          }
          answer = message;
          call.read();
        },
        onEnd: (error) => {
          if (error !== undefined) reject(error);
          else if (answer === undefined) reject(protocolError(`${method.path} was answered without a message`));
          else resolve(answer);
        },
      });
      call.read();
    });
    return decode(method, bytes);
  }

  async *serverStream<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): AsyncGenerator<Res> {
    const connection = this.#open() ?? (await this.#connection(options.signal));
    if (connection.isFull) {
      yield* this.#more(connection).serverStream(method, request, options);
      return;
    }
    const inbox = new Inbox();
    const call = start(connection, method, request, options, inbox);
    try {
      for (;;) {
        call.read();
        const message = await inbox.take();
        if (message === undefined) return;
        yield decode(method, message);
      }
    } finally {
      if (!inbox.ended) call.cancel();
    }
  }

  async openStream(
    path: string,
    metadata: readonly HeaderField[],
    options: { readonly signal: AbortSignal },
  ): Promise<CallStream> {
    const connection = this.#open() ?? (await this.#connection(options.signal));
    if (connection.isFull) return await this.#more(connection).openStream(path, metadata, options);
    const { stream, release } = connection.open(path, metadata, (error) => stream.destroy(error));
    stream.once('close', release);
    connection.expectLively();
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const link = this.#link;
    if (link.kind === 'closed') return;
    const reason = new RpcError('CANCELED', `the connection to ${this.endpoint} was closed`, {
      status: GRPC_STATUS.canceled,
    });
    this.#link = { kind: 'closed', reason };
    this.#lifetime.abort(reason);
    await this.#overflow?.[Symbol.asyncDispose]();
    if (link.kind === 'open') await link.connection.close(reason);
    if (link.kind === 'dialing') {
      const connection = await link.ready.catch(() => undefined);
      await connection?.close(reason);
    }
  }

  /** What was lost is dialed again by the next call; further connections too. */
  async #forgetLost(): Promise<void> {
    const link = this.#link;
    if (link.kind === 'open' && link.connection.lost !== undefined) {
      this.#link = { kind: 'idle' };
      await link.connection.close(link.connection.lost);
    } else if (link.kind === 'closed' && !this.#lifetime.signal.aborted) {
      this.#link = { kind: 'idle' };
    }
    if (this.#overflow !== undefined) await this.#overflow.#forgetLost();
  }

  #more({ maxCalls }: Connection): GrpcClient {
    this.#overflow ??= new GrpcClient(this.#dial, this.#options, maxCalls);
    return this.#overflow;
  }

  /** The connection when it is there already: calls then go out at once, in the order they are made. */
  #open(): Connection | undefined {
    return this.#link.kind === 'open' ? this.#link.connection : undefined;
  }

  #connection(signal: AbortSignal): Promise<Connection> {
    const link = this.#link;
    if (link.kind === 'closed') return Promise.reject(link.reason);
    if (link.kind === 'open') return Promise.resolve(link.connection);
    // Nobody would be told how the dial ends.
    if (signal.aborted) return Promise.reject(canceledError(signal.reason));
    const ready = link.kind === 'dialing' ? link.ready : this.#dialOnce();
    if (link.kind === 'idle') this.#link = { kind: 'dialing', ready };
    return unlessAborted(ready, signal);
  }

  async #dialOnce(): Promise<Connection> {
    const { endpoint, authority = 'localhost' } = this.#options;
    const {
      connectMs = DEFAULT_CONNECT_MS,
      keepAliveMs = DEFAULT_KEEP_ALIVE_MS,
      pingTimeoutMs = DEFAULT_PING_TIMEOUT_MS,
    } = this.#options;
    try {
      const stream = await this.#dial({ signal: this.#lifetime.signal });
      const times = { connectMs, keepAliveMs, pingTimeoutMs };
      const connection = new Connection(stream, { endpoint, authority, ...times, maxCalls: this.#maxCalls });
      if (this.#link.kind !== 'closed') this.#link = { kind: 'open', connection };
      return connection;
    } catch (error) {
      const reason = dialError(endpoint, error);
      if (this.#link.kind !== 'closed') this.#link = { kind: 'closed', reason };
      throw reason;
    }
  }
}

/** Messages of a stream that nobody has taken yet, then its end. */
class Inbox implements CallEvents {
  readonly #messages: Uint8Array[] = [];
  #end: { readonly error: RpcError | undefined } | undefined;
  #wake: (() => void) | undefined;

  get ended(): boolean {
    return this.#end !== undefined;
  }

  onMessage(message: Uint8Array): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  onEnd(error: RpcError | undefined): void {
    this.#end = { error };
    this.#wake?.();
  }

  /** The next message; undefined at the end; rejects when the call failed. */
  async take(): Promise<Uint8Array | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function start<Req, Res>(
  connection: Connection,
  method: Method<Req, Res>,
  request: Req,
  options: CallOptions,
  events: CallEvents,
): RunningCall {
  if (options.signal.aborted) throw canceledError(options.signal.reason);
  const message = method.encode(request);
  return startCall(
    connection,
    {
      path: method.path,
      metadata: Object.entries(options.metadata ?? {}),
      message,
      signal: options.signal,
      onHeaders: options.onHeaders,
    },
    events,
  );
}

function decode<Res>(method: Method<never, Res>, bytes: Uint8Array): Res {
  try {
    return method.decode(bytes);
  } catch (cause) {
    throw protocolError(`${method.path} was answered with a message that cannot be decoded`, cause);
  }
}

function protocolError(message: string, cause?: unknown): RpcError {
  return new RpcError('PROTOCOL', message, { status: GRPC_STATUS.internal }, { cause });
}

/** Keeps the code and text of a dialer's error, which says where it dialed. */
function dialError(endpoint: string, error: unknown): RpcError {
  if (!(error instanceof TsbuildxError)) return lostError(endpoint, String(error), error);
  return new RpcError(error.code, error.message, { status: GRPC_STATUS.unavailable }, { cause: error });
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(canceledError(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    const done = (): void => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(done);
  });
}
