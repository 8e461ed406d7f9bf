import type { HeaderField } from '../../transport/index.ts';
import type { CallStream, HeaderRecord } from './call-stream.ts';
import type { Method } from './method.ts';

/** Calls of one gRPC connection. All of them reject with RpcError. */
export interface RpcClient extends AsyncDisposable {
  /** Which daemon it is, for messages. */
  readonly endpoint: string;
  /** Dials now instead of at the first call, and once more where that failed or the connection is lost. */
  connect(options: { readonly signal: AbortSignal }): Promise<void>;
  unary<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): Promise<Res>;
  /** The call starts when the iteration does; leaving the loop cancels it. */
  serverStream<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): AsyncIterable<Res>;
  /**
   * A raw HTTP/2 stream of the same connection, for a call whose messages are bytes that should not be copied, and on
   * which the daemon writes every few seconds.
   */
  openStream(
    path: string,
    metadata: readonly HeaderField[],
    options: { readonly signal: AbortSignal },
  ): Promise<CallStream>;
}

export interface CallOptions {
  /** Aborting resets the call on the wire at once. */
  readonly signal: AbortSignal;
  /** Lower-case ASCII header names. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Told what the answer begins with, before its first message. */
  readonly onHeaders?: ((headers: HeaderRecord) => void) | undefined;
}
