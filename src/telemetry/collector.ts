// Collectors that the environment names, as sinks of spans.
import { readFile } from 'node:fs/promises';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { createRpcClient, rpcSink } from '../buildkit/rpc/index.ts';
import type { SpanSink } from '../tracing/index.ts';
import {
  type Dialer,
  joinHostPort,
  proxyDialer,
  proxyFor,
  tcpDialer,
  tlsDialer,
  unixDialer,
} from '../transport/index.ts';
import { httpSink } from './http-sink.ts';
import { type Env, type OtlpProtocol, type OtlpSettings, traceSettings } from './otlp-settings.ts';

const DEFAULT_PORTS: Readonly<Record<OtlpProtocol, { readonly plain: number; readonly encrypted: number }>> = {
  grpc: { plain: 443, encrypted: 443 },
  'http/protobuf': { plain: 80, encrypted: 443 },
};

/** A collector, and the connection to it. */
export interface OpenCollector extends AsyncDisposable {
  readonly sink: SpanSink;
}

/** The collector that the environment names. Nothing is dialed yet. Rejects with UNSUPPORTED, INVALID_ARGUMENT, IO. */
export async function openCollector(env: Env): Promise<OpenCollector> {
  return await collectorAt(traceSettings(env), env);
}

/** A collector by its settings. */
async function collectorAt(settings: OtlpSettings, env: Env): Promise<OpenCollector> {
  const dial = await dialCollector(settings, env);
  if (settings.protocol === 'http/protobuf') {
    return { sink: httpSink(dial, settings), [Symbol.asyncDispose]: async () => {} };
  }
  const { host, headers, timeoutMs } = settings;
  const authority = host.startsWith('/') ? 'localhost' : host;
  const rpc = createRpcClient(dial, { endpoint: host, authority, connectMs: timeoutMs });
  return {
    sink: rpcSink(rpc, { timeoutMs, metadata: headers }),
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}

/** How the collector is reached, also through proxies. Rejects with INVALID_ARGUMENT, IO. */
export async function dialCollector(
  { protocol, host, encrypted, ca, cert, key }: OtlpSettings,
  env: Env,
): Promise<Dialer> {
  if (host.startsWith('/')) return unixDialer(host);
  const scheme = encrypted ? 'https' : 'http';
  const url = URL.parse(`${scheme}://${host}`);
  if (url === null || host === '') {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid endpoint ${JSON.stringify(host)} of a collector`);
  }
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const written = /:(\d+)$/.exec(host)?.[1];
  const port = written === undefined ? DEFAULT_PORTS[protocol][encrypted ? 'encrypted' : 'plain'] : Number(written);
  // grpc-go goes through the proxy for https, whether it encrypts or not
  const target = new URL(`${protocol === 'grpc' ? 'https' : scheme}://${joinHostPort(name, port)}`);
  const proxy = proxyFor(target, env);
  const dial = proxy === undefined ? tcpDialer(name, port) : proxyDialer(proxy, name, port);
  if (!encrypted) return dial;
  const material = { ca: await pem(ca), cert: await pem(cert), key: await pem(key) };
  return tlsDialer({ host: name, port, alpn: protocol === 'grpc' ? ['h2'] : ['http/1.1'] }, material, dial);
}

async function pem(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw wrap('IO', 'certificate of a collector', error);
  }
}
