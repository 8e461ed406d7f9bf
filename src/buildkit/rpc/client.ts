import type { Method } from './method.ts';

/** Calls of one gRPC connection. All of them reject with RpcError. */
export interface RpcClient extends AsyncDisposable {
  unary<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): Promise<Res>;
  /** The call starts when the iteration does; leaving the loop cancels it. */
  serverStream<Req, Res>(method: Method<Req, Res>, request: Req, options: CallOptions): AsyncIterable<Res>;
}

export interface CallOptions {
  /** Aborting resets the call on the wire at once. */
  readonly signal: AbortSignal;
  /** Lower-case ASCII header names. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}
