import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { currentSpan, endRpcSpan, inSpan, startServerSpan } from '../tracing/index.ts';
import { Http2Server, type Http2Stream, KeepAlive } from '../transport/index.ts';
import { healthAttachable } from './attachables/health.ts';
import { GrpcCall, grpcPath, refuseCall, refuseStream } from './grpc/call.ts';
import { statusOf } from './grpc/status.ts';
import { type Attachable, CallError, GrpcStatus, type SessionMethod } from './method.ts';

export interface SessionOptions {
  /** Names the session towards the daemon; chosen by the client. */
  readonly id: string;
  readonly name: string;
  /** With the same key the daemon finds the files of the last transfer again. */
  readonly sharedKey: string;
  readonly attachables: readonly Attachable[];
  /** Milliseconds of silence before the daemon is pinged. Default 10,000: its health checks come more often. */
  readonly keepAliveMs?: number | undefined;
  /** Milliseconds after which a daemon that stays silent is given up. Default 20,000. */
  readonly pingTimeoutMs?: number | undefined;
}

/** The client's side of a session: the daemon calls its services over a byte stream that the client has opened. */
export interface SessionHost extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  readonly sharedKey: string;
  /** Paths of all methods that are served: what is told to the daemon when the stream is opened. */
  readonly methods: readonly string[];
  /**
   * Serves over the stream until it ends, is disposed of, or breaks; then calls that still run are aborted.
   * Rejects with code PROTOCOL when the daemon broke the protocol and TRANSPORT when the stream failed.
   */
  serve(stream: Duplex): Promise<void>;
}

const DEFAULT_KEEP_ALIVE_MS = 10_000;
const DEFAULT_PING_TIMEOUT_MS = 20_000;
/** Handlers that may still be at work, also for calls that the daemon has given up. */
const MAX_RUNNING = 512;

/** A session that serves the attachables, and the health check. */
export function createSession(options: SessionOptions): SessionHost {
  return new Host(options);
}

class Host implements SessionHost {
  readonly id: string;
  readonly name: string;
  readonly sharedKey: string;
  readonly methods: readonly string[];
  readonly #patience: { readonly quietMs: number; readonly answerMs: number };
  readonly #byPath: ReadonlyMap<string, SessionMethod>;
  readonly #connections = new Set<Http2Server>();
  readonly #running = new Set<Promise<void>>();
  /** Where calls are traced: the daemon tells of each which of its own spans it is for. */
  readonly #span = currentSpan();

  constructor({ id, name, sharedKey, attachables, keepAliveMs, pingTimeoutMs }: SessionOptions) {
    this.id = id;
    this.name = name;
    this.sharedKey = sharedKey;
    this.#patience = {
      quietMs: keepAliveMs ?? DEFAULT_KEEP_ALIVE_MS,
      answerMs: pingTimeoutMs ?? DEFAULT_PING_TIMEOUT_MS,
    };
    const methods = [healthAttachable, ...attachables].flatMap((attachable) => attachable.methods);
    this.#byPath = new Map(methods.map((method) => [method.path, method]));
    this.methods = [...this.#byPath.keys()];
  }

  async serve(stream: Duplex): Promise<void> {
    const connection = new Http2Server(stream, (call) => this.#accept(call));
    using keepAlive = new KeepAlive(connection, {
      ...this.#patience,
      onSilent: (why) => void stream.destroy(new TsbuildxError('TRANSPORT', why)),
    });
    keepAlive.start();
    this.#connections.add(connection);
    try {
      await connection.run();
    } finally {
      this.#connections.delete(connection);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await Promise.all(this.#running);
  }

  #accept(stream: Http2Stream): void {
    const path = grpcPath(stream);
    if (path === undefined) return refuseStream(stream, '415');
    if (this.#running.size >= MAX_RUNNING) return refuseCall(stream);
    const running = this.#run(new GrpcCall(stream, path)).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #run(call: GrpcCall): Promise<void> {
    const span = startServerSpan(call.path, call.metadata, this.#span);
    let failure: unknown;
    try {
      const method = this.#byPath.get(call.path);
      if (method === undefined)
        throw new CallError(GrpcStatus.UNIMPLEMENTED, `the session does not serve ${call.path}`);
      await (span === undefined ? method.handle(call) : inSpan(span, () => method.handle(call)));
    } catch (error) {
      failure = error ?? new Error('unknown error');
    }
    if (span !== undefined) endRpcSpan(span, statusOf(failure), failure === undefined ? '' : messageOf(failure));
    call.finish(failure);
  }
}
