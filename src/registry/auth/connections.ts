// Connections to registries and token servers: proxies, TLS of the registry. The library is loaded at first use.
import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import { type Env, proxyFor } from '../../transport/index.ts';

export interface ConnectionOptions {
  readonly env: Env;
  /** Only asked for when the target speaks TLS. */
  readonly secureContext: () => Promise<SecureContext>;
  /** Takes whatever certificate is shown. Default false. */
  readonly insecure?: boolean | undefined;
}

/** Connections that are kept for further requests. Disposing closes them. */
export interface Connections extends AsyncDisposable {
  /** The connections to the origin of `url`; the options of the first request count for all. */
  to(url: URL, options: ConnectionOptions): Promise<Dispatcher>;
}

const CONNECT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 20_000;

export function createConnections(): Connections {
  const made = new Map<string, Promise<Dispatcher>>();
  return {
    to(url, options) {
      const key = `${url.origin} ${String(options.insecure ?? false)}`;
      const dispatcher = made.get(key) ?? dispatcherFor(url, options);
      made.set(key, dispatcher);
      return dispatcher;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(
        [...made.values()].map((dispatcher) =>
          dispatcher.then(
            (open) => open.destroy(),
            () => {},
          ),
        ),
      );
      made.clear();
    },
  };
}

export async function dispatcherFor(
  url: URL,
  { env, secureContext, insecure }: ConnectionOptions,
): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const proxy = proxyFor(url, env);
  const tls = {
    timeout: CONNECT_TIMEOUT,
    ...(url.protocol === 'https:' ? { secureContext: await secureContext() } : {}),
    ...(insecure === true ? { rejectUnauthorized: false } : {}),
  };
  const limits = { pipelining: 0, headersTimeout: ANSWER_TIMEOUT, bodyTimeout: ANSWER_TIMEOUT, connect: tls };
  if (proxy === undefined) return new Agent(limits);
  const uri = proxy.href.replace(/^socks5h:/, 'socks5:');
  return new ProxyAgent({ ...limits, uri, requestTls: tls });
}
