import {
  type Dialer,
  dialingAgent,
  proxyDialer,
  tcpDialer,
  tlsDialer,
  type TlsMaterial,
} from '../../transport/index.ts';
import type { Agent } from 'node:http';

/** A server that is spoken to by HTTP, and how it is reached. */
export interface HttpServer {
  /** Origin; `https:` is dialed with TLS. */
  readonly url: URL;
  readonly proxy: URL | undefined;
  /** Read for each connection: certificates change. */
  readonly tls: (signal: AbortSignal) => Promise<TlsMaterial>;
}

function serverDialer({ url, proxy, tls }: HttpServer): Dialer {
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const via = proxy === undefined ? tcpDialer(host, port) : proxyDialer(proxy, host, port);
  if (!isSecure) return via;
  return async ({ signal }) => await tlsDialer({ host, port, alpn: ['http/1.1'] }, await tls(signal), via)({ signal });
}

/** An agent that keeps connections to the server for the next request. */
export function serverAgent(server: HttpServer, signal: AbortSignal): Agent {
  return dialingAgent(serverDialer(server), signal, { keepAlive: true, maxFreeSockets: 4 });
}
