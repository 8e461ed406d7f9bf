import type { SpanSink } from '../../tracing/index.ts';
import type { RpcClient } from './client.ts';
import type { Method } from './method.ts';

const EXPORT: Method<Uint8Array, void> = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  encode: (bytes) => bytes,
  decode: () => {},
};

/** A collector that is called over gRPC. */
export function rpcSink(
  rpc: RpcClient,
  options: {
    /** Milliseconds that it may take for one request. */
    readonly timeoutMs: number;
    readonly metadata?: Readonly<Record<string, string>> | undefined;
  },
): SpanSink {
  const { timeoutMs, metadata } = options;
  return {
    timeoutMs,
    async send(batch, { signal }) {
      await rpc.unary(EXPORT, await batch.encoded(), { signal, metadata });
    },
  };
}
