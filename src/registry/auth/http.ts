// HTTP exchanges with a registry or its token server, with redirects as Go's client follows them.
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { endHttpSpan, startHttpSpan, traceHeaders } from '../../tracing/index.ts';
import { type ConnectionOptions, type Connections, dispatcherFor } from './connections.ts';
import { dialText } from './dial-text.ts';
import { redactUrl } from './redact.ts';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';

export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A text is a form with credentials: it is not sent to another host. A function is called for each time it is sent. */
  readonly body?: string | Uint8Array | (() => AsyncIterable<Uint8Array>) | undefined;
}

/** An answer of which the body is still to come. Disposing gives up the rest of it. */
export interface OpenAnswer extends AsyncDisposable {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Dispatcher.ResponseData['headers'];
  /** Read once. Throws TRANSPORT, CANCELED. */
  readonly content: AsyncIterable<Uint8Array>;
  /** Of the last redirect. */
  readonly url: URL;
  readonly method: HttpMethod;
}

export interface HttpAnswer extends Omit<OpenAnswer, 'content' | typeof Symbol.asyncDispose> {
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Uint8Array;
}

export interface HttpOptions extends ConnectionOptions {
  readonly signal: AbortSignal;
  /** Bytes of the longest answer that is read. Default: what is enough for tokens. */
  readonly maxBody?: number | undefined;
  /** Milliseconds without a sign of the other side. Default 20 s. */
  readonly quietMs?: number | undefined;
  /** Default: a connection for each exchange, so that nothing of one registry reaches another. */
  readonly connections?: Connections | undefined;
}

const MAX_REDIRECTS = 10;
const MAX_BODY = 1 << 20;

/** Sends the request and reads the answer, whatever its status. Throws TRANSPORT, PROTOCOL, and CANCELED. */
export async function exchange(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  await using answer = await openExchange(request, options);
  const { status, statusText, headers, url, method } = answer;
  const bytes = await readBody(answer.content, { method, url }, options.maxBody ?? MAX_BODY);
  return { status, statusText, headers, body: bytes.toString(), bytes, url, method };
}

/** Sends the request and gives the answer, whatever its status, when its headers are there. Throws TRANSPORT, PROTOCOL, CANCELED. */
export async function openExchange(request: HttpRequest, options: HttpOptions): Promise<OpenAnswer> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await sendOnce(current, options);
    try {
      const next = redirectOf(current, answer);
      if (next === undefined) return answer;
      if (redirects === MAX_REDIRECTS) {
        throw failure(current, new Error(`stopped after ${MAX_REDIRECTS} redirects`), 'PROTOCOL');
      }
      current = next;
    } catch (error) {
      await answer[Symbol.asyncDispose]();
      throw error;
    }
    await answer[Symbol.asyncDispose]();
  }
}

async function sendOnce(request: HttpRequest, options: HttpOptions): Promise<OpenAnswer> {
  const { method, url, headers, body = null } = request;
  const { signal, quietMs } = options;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw failure(request, new Error(`unsupported protocol scheme "${url.protocol.slice(0, -1)}"`), 'PROTOCOL');
  }
  const { request: send } = await import('undici');
  const kept = await options.connections?.to(url, options);
  const dispatcher = kept ?? (await dispatcherFor(url, options));
  const release = async (): Promise<void> => {
    if (kept === undefined) await dispatcher.destroy();
  };
  const explained = (error: unknown): TsbuildxError =>
    signal.aborted
      ? new TsbuildxError('CANCELED', `registry request: ${messageOf(signal.reason)}`, { cause: error })
      : failure(request, error, 'TRANSPORT');
  const span = startHttpSpan(method, url, redactUrl(url));
  try {
    const response = await send(url, {
      method,
      headers: span === undefined ? headers : { ...headers, ...traceHeaders(span.context) },
      body: typeof body === 'function' ? Readable.from(body(), { objectMode: false }) : body,
      dispatcher,
      signal,
      ...(quietMs === undefined ? {} : { headersTimeout: quietMs, bodyTimeout: quietMs }),
    });
    if (span !== undefined) endHttpSpan(span, { status: response.statusCode });
    return {
      status: response.statusCode,
      statusText: response.statusText,
      headers: response.headers,
      content: explain(response.body, explained),
      url,
      method,
      async [Symbol.asyncDispose]() {
        // A little that is left is read, so that the connection can be used again.
        if (kept === undefined) response.body.on('error', () => {}).destroy();
        else await response.body.dump({ limit: MAX_BODY, signal }).catch(() => {});
        await release();
      },
    };
  } catch (error) {
    await release();
    const told = explained(error);
    if (span !== undefined) endHttpSpan(span, { error: told });
    throw told;
  }
}

async function* explain(
  body: AsyncIterable<Uint8Array>,
  explained: (error: unknown) => TsbuildxError,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw explained(error);
  }
}

async function readBody(
  body: AsyncIterable<Uint8Array>,
  request: Pick<HttpRequest, 'method' | 'url'>,
  limit: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw failure(request, new Error(`answer is larger than ${limit} bytes`), 'TRANSPORT');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request to send next, as Go's client does it: credentials stay with their host, a form is not sent elsewhere. */
function redirectOf(
  request: HttpRequest,
  { status, headers }: Pick<OpenAnswer, 'status' | 'headers'>,
): HttpRequest | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  const url = URL.parse(location, request.url.href);
  if (url === null) throw failure(request, new Error('redirect to an invalid URL'), 'PROTOCOL');
  const staysHome = url.host === request.url.host && !(request.url.protocol === 'https:' && url.protocol === 'http:');
  const { authorization, ...plain } = request.headers;
  const own = staysHome && authorization !== undefined ? { ...plain, authorization } : plain;
  const { method } = request;
  if (method === 'GET' || method === 'HEAD') return { method, url, headers: own };
  if (status < 307) {
    const { 'content-type': _, 'content-length': __, ...bodiless } = own;
    return { method: 'GET', url, headers: bodiless };
  }
  if (!staysHome && typeof request.body === 'string') {
    throw failure(request, new Error(`redirect of credentials to ${redactUrl(url)} refused`), 'PROTOCOL');
  }
  return { ...request, url, headers: own };
}

function failure(
  { method, url }: Pick<HttpRequest, 'method' | 'url'>,
  cause: unknown,
  code: 'TRANSPORT' | 'PROTOCOL',
): TsbuildxError {
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  return new TsbuildxError(code, `${verb} "${redactUrl(url)}": ${reasonOf(cause)}`, { cause });
}

/** Several addresses of a host fail with an error that has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(textOf).join('; ');
  return textOf(error);
}

function textOf(error: unknown): string {
  return dialText(messageOf(error));
}
