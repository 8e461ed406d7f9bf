// One HTTP request, answered by a text or by a connection that speaks another protocol from then on.
import { type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpUpgrade {
  readonly headers: IncomingHttpHeaders;
  /** Its first bytes may have come with the answer: they are in it. */
  readonly stream: Duplex;
}

/** Lists of pods are long. */
const MAX_BODY = 64 << 20;
/** Milliseconds that a server may take until it begins to answer, or between two parts of its answer. */
const ANSWER_MS = 60_000;

/** Sends the request and reads the answer, whatever its status. Throws TRANSPORT, PROTOCOL, CANCELED. */
export async function exchange(agent: Agent, asked: HttpRequest): Promise<HttpAnswer> {
  const { answer } = await send(agent, asked);
  if (answer === undefined) throw failure(asked, new Error('the server changed the protocol'), 'PROTOCOL');
  return answer;
}

/** Asks for another protocol: the stream, or the answer of a server that refuses. Throws TRANSPORT, PROTOCOL, CANCELED. */
export async function upgrade(agent: Agent, asked: HttpRequest): Promise<HttpUpgrade | HttpAnswer> {
  const { answer, upgraded } = await send(agent, asked);
  return upgraded ?? answer;
}

type Sent =
  | { readonly answer: HttpAnswer; readonly upgraded?: undefined }
  | { readonly answer?: undefined; readonly upgraded: HttpUpgrade };

async function send(agent: Agent, asked: HttpRequest): Promise<Sent> {
  const { method, url, headers, body, signal } = asked;
  if (signal.aborted) throw canceled(asked);
  const call = request({
    method,
    agent,
    host: url.hostname,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, headerValue(v)])) },
    timeout: ANSWER_MS,
  });
  const onAbort = (): void => void call.destroy(new Error('canceled'));
  signal.addEventListener('abort', onAbort, { once: true });
  call.once('timeout', () => call.destroy(new Error('the server does not answer')));
  try {
    const answered = answerOf(call);
    call.end(body);
    return await answered;
  } catch (error) {
    if (signal.aborted) throw canceled(asked);
    throw failure(asked, error, 'TRANSPORT');
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function headerValue(value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? value : [...value];
}

function answerOf(call: ClientRequest): Promise<Sent> {
  return new Promise((resolve, reject) => {
    call.once('error', reject);
    call.once('upgrade', (response: IncomingMessage, stream: Duplex, head: Buffer) => {
      if (head.length > 0) stream.unshift(head);
      resolve({ upgraded: { headers: response.headers, stream } });
    });
    call.once('response', (response) => {
      readBody(response).then(
        (body) => resolve({ answer: { status: response.statusCode ?? 0, headers: response.headers, body } }),
        (error: unknown) => {
          call.destroy();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes: unknown = chunk;
    if (!Buffer.isBuffer(bytes)) continue;
    size += bytes.length;
    if (size > MAX_BODY) throw new Error(`the answer is larger than ${MAX_BODY} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** In the words of Go's client. */
function failure({ method, url }: HttpRequest, cause: unknown, code: 'TRANSPORT' | 'PROTOCOL'): TsbuildxError {
  const verb = `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
  return new TsbuildxError(code, `${verb} "${url.href}": ${messageOf(cause)}`, { cause });
}

function canceled({ url, signal }: HttpRequest): TsbuildxError {
  return new TsbuildxError('CANCELED', `the request to ${url.origin} was canceled`, { cause: signal.reason });
}
