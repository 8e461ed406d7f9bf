import { messageOf } from '../../base/errors.ts';
import {
  currentSpan,
  endRpcSpan,
  type Span,
  type SpanSink,
  startClientSpan,
  type Trace,
  traceHeaders,
} from '../../tracing/index.ts';
import { ErrorCode, type HeaderField } from '../../transport/index.ts';
import type { CallStream, HeaderRecord } from './call-stream.ts';
import type { CallOptions, RpcClient } from './client.ts';
import type { Method } from './method.ts';
import { GRPC_STATUS, isRpcError } from './rpc-error.ts';
import { rpcSink } from './rpc-sink.ts';

/** The end of a build waits no longer than this for a daemon that takes no spans. */
const PATIENCE_MS = 1_000;

/**
 * Calls of `rpc` within a span get spans of their own, which the daemon is told of, so that what it does hangs below them. When
 * the trace ends, a daemon that has answered gets its spans: until then the connection stays open, also when it is disposed
 * of before. `close` closes it.
 */
export function tracedClient(rpc: RpcClient, close: () => Promise<void>): RpcClient {
  return new TracedClient(rpc, close);
}

class TracedClient implements RpcClient {
  readonly #rpc: RpcClient;
  readonly #close: () => Promise<void>;
  readonly #sink: SpanSink;
  readonly #traces = new Set<Trace>();

  constructor(rpc: RpcClient, close: () => Promise<void>) {
    this.#rpc = rpc;
    this.#close = close;
    this.#sink = rpcSink(rpc, { timeoutMs: PATIENCE_MS });
  }

  get endpoint(): string {
    return this.#rpc.endpoint;
  }

  connect(options: { readonly signal: AbortSignal }): Promise<void> {
    return this.#rpc.connect(options);
  }

  unary<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): Promise<Res> {
    const span = startClientSpan(method.path, this.endpoint);
    if (span === undefined) return this.#rpc.unary(method, request, options);
    return this.#endWith(span, this.#rpc.unary(method, request, withHeaders(options, span)));
  }

  serverStream<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): AsyncIterable<Res> {
    if (currentSpan() === undefined) return this.#rpc.serverStream(method, request, options);
    return this.#tracedStream(method, request, options);
  }

  async openStream(
    path: string,
    metadata: readonly HeaderField[],
    options: { readonly signal: AbortSignal },
  ): Promise<CallStream> {
    const span = startClientSpan(path, this.endpoint);
    if (span === undefined) return await this.#rpc.openStream(path, metadata, options);
    const headers = Object.entries(traceHeaders(span.context));
    const stream = await this.#rpc.openStream(path, [...metadata, ...headers], options);
    endWithStream(span, stream);
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = Array.from(this.#traces).filter(({ hasEnded }) => !hasEnded);
    if (open.length === 0) return await this.#close();
    let left = open.length;
    const close = async (): Promise<void> => {
      left -= 1;
      if (left === 0) await this.#close();
    };
    for (const trace of open) trace.closeAtEnd(close);
  }

  async *#tracedStream<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): AsyncGenerator<Res> {
    const span = startClientSpan(method.path, this.endpoint);
    if (span === undefined) {
      yield* this.#rpc.serverStream(method, request, options);
      return;
    }
    try {
      for await (const answer of this.#rpc.serverStream(method, request, withHeaders(options, span))) {
        this.#hasAnswered(span);
        yield answer;
      }
      endRpcSpan(span, GRPC_STATUS.ok, '');
    } catch (error) {
      endFailed(span, error);
      throw error;
    } finally {
      // who leaves the loop cancels the call; when it has ended before, this does nothing
      endRpcSpan(span, GRPC_STATUS.canceled, 'context canceled');
    }
  }

  async #endWith<T>(span: Span, answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      this.#hasAnswered(span);
      endRpcSpan(span, GRPC_STATUS.ok, '');
      return value;
    } catch (error) {
      endFailed(span, error);
      throw error;
    }
  }

  #hasAnswered({ trace }: Span): void {
    if (this.#traces.has(trace)) return;
    this.#traces.add(trace);
    trace.deliverTo(this.#sink);
  }
}

function withHeaders(options: CallOptions, { context }: Span): CallOptions {
  return { ...options, metadata: { ...options.metadata, ...traceHeaders(context) } };
}

function endFailed(span: Span, error: unknown): void {
  endRpcSpan(span, isRpcError(error) ? error.status : GRPC_STATUS.unknown, messageOf(error));
}

/** Ends the span with the status that the stream ends with. That this side closes a stream is how one ends which it needs no longer. */
function endWithStream(span: Span, stream: CallStream): void {
  const onHeaders = (headers: HeaderRecord): void => {
    const status = headers['grpc-status'];
    if (typeof status === 'string') endRpcSpan(span, Number(status), String(headers['grpc-message'] ?? ''));
  };
  stream.once('response', onHeaders).once('trailers', onHeaders);
  stream.once('error', (error) => endFailed(span, error));
  stream.once('close', () => {
    const isMeant = stream.rstCode === ErrorCode.NO_ERROR || stream.rstCode === ErrorCode.CANCEL;
    endRpcSpan(span, isMeant ? GRPC_STATUS.ok : GRPC_STATUS.unavailable, 'the daemon reset the stream');
  });
}
