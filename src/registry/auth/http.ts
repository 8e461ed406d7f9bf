// One HTTP exchange with a registry or its token server: proxies, TLS of the registry, redirects. The library is loaded at first use.
import type { SecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { type Env, proxyFor } from './proxy.ts';
import { redactUrl } from './redact.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** Of the last redirect. */
  readonly url: URL;
  readonly method: 'GET' | 'POST';
}

export interface HttpOptions {
  readonly signal: AbortSignal;
  readonly env: Env;
  /** Only asked for when the target speaks TLS. */
  readonly secureContext: () => Promise<SecureContext>;
  /** Bytes of the longest answer that is read. Default: what is enough for tokens. */
  readonly maxBody?: number | undefined;
}

const MAX_REDIRECTS = 10;
const MAX_BODY = 1 << 20;
const CONNECT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 20_000;

/** Sends the request and reads the answer, whatever its status. Throws TRANSPORT, PROTOCOL, and CANCELED. */
export async function exchange(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await sendOnce(current, options);
    const next = redirectOf(current, answer);
    if (next === undefined) return answer;
    if (redirects === MAX_REDIRECTS)
      throw failure(current, new Error(`stopped after ${MAX_REDIRECTS} redirects`), 'PROTOCOL');
    current = next;
  }
}

async function sendOnce(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  const { method, url, headers, body = null } = request;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw failure(request, new Error(`unsupported protocol scheme "${url.protocol.slice(0, -1)}"`), 'PROTOCOL');
  }
  const { request: send } = await import('undici');
  const dispatcher = await dispatcherFor(url, options);
  try {
    const { signal } = options;
    const response = await send(url, { method, headers, body, dispatcher, signal });
    const { statusCode: status, statusText } = response;
    const bytes = await readBody(response.body, options.maxBody ?? MAX_BODY);
    return { status, statusText, headers: response.headers, body: bytes.toString(), bytes, url, method };
  } catch (error) {
    if (options.signal.aborted) {
      throw new TsbuildxError('CANCELED', `registry request: ${messageOf(options.signal.reason)}`, { cause: error });
    }
    throw failure(request, error, 'TRANSPORT');
  } finally {
    await dispatcher.destroy();
  }
}

/** A connection of its own for each exchange: tokens are few, and nothing of one registry reaches another. */
async function dispatcherFor(url: URL, { env, secureContext }: HttpOptions): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const proxy = proxyFor(url, env);
  const tls = {
    timeout: CONNECT_TIMEOUT,
    ...(url.protocol === 'https:' ? { secureContext: await secureContext() } : {}),
  };
  const limits = { pipelining: 0, headersTimeout: ANSWER_TIMEOUT, bodyTimeout: ANSWER_TIMEOUT, connect: tls };
  if (proxy === undefined) return new Agent(limits);
  const uri = proxy.href.replace(/^socks5h:/, 'socks5:');
  return new ProxyAgent({ ...limits, uri, requestTls: tls });
}

async function readBody(body: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw new Error(`answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request to send next, as Go's client does it: credentials stay with their host, a form is not sent elsewhere. */
function redirectOf(request: HttpRequest, { status, headers }: HttpAnswer): HttpRequest | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  const url = URL.parse(location, request.url.href);
  if (url === null) throw failure(request, new Error('redirect to an invalid URL'), 'PROTOCOL');
  const staysHome = url.host === request.url.host && !(request.url.protocol === 'https:' && url.protocol === 'http:');
  const { authorization, 'content-type': contentType, ...plain } = request.headers;
  const own = staysHome && authorization !== undefined ? { ...plain, authorization } : plain;
  if (request.method === 'GET' || status < 307) return { method: 'GET', url, headers: own };
  if (!staysHome) throw failure(request, new Error(`redirect of credentials to ${redactUrl(url)} refused`), 'PROTOCOL');
  return { ...request, url, headers: contentType === undefined ? own : { ...own, 'content-type': contentType } };
}

function failure({ method, url }: HttpRequest, cause: unknown, code: 'TRANSPORT' | 'PROTOCOL'): TsbuildxError {
  const verb = method === 'GET' ? 'Get' : 'Post';
  return new TsbuildxError(code, `${verb} "${redactUrl(url)}": ${reasonOf(cause)}`, { cause });
}

/** Several addresses of a host fail with an error that has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return messageOf(error);
}
