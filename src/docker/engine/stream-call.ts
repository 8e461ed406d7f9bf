// Calls whose bodies flow: an archive goes out as it comes, and the engine tells how it gets on meanwhile.
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { type Dialer, dialingAgent } from '../../transport/index.ts';
import { keepAsking } from './answer-within.ts';
import { answerError, connectionError } from './call-error.ts';
import type { HeaderPairs } from './client.ts';
import { type EngineMessage, engineMessages } from './engine-message.ts';

export interface StreamConnection {
  readonly dial: Dialer;
  readonly authority: string;
  readonly headers: HeaderPairs;
  /** How it is found out that the engine is gone without a word; it may be silent for minutes while it is at work. */
  readonly alive: { readonly pauseMs: number; readonly ask: (signal: AbortSignal) => Promise<unknown> } | undefined;
}

export interface StreamRequest {
  /** With query. */
  readonly path: string;
  readonly headers: HeaderPairs;
  readonly signal: AbortSignal;
}

/** A `POST` that is under way. Disposing breaks it off. Errors: ENGINE_FAILED, NOT_FOUND, TRANSPORT, CANCELED. */
export interface StreamCall extends AsyncDisposable {
  /** Sends a part of the body. Resolves when it has left: its memory may be used again. */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** The body is complete. */
  end(): void;
  /** Resolves when the engine begins to answer: with what it tells, until it is done. */
  answer(): Promise<AsyncIterable<EngineMessage>>;
}

/** Bytes of an error answer that are read. */
const MAX_ERROR = 64 << 10;

export function openStreamCall(connection: StreamConnection, { path, headers, signal }: StreamRequest): StreamCall {
  const request = httpRequest({
    method: 'POST',
    path,
    agent: dialingAgent(connection.dial, signal),
    headers: Object.fromEntries([...connection.headers, ['Host', connection.authority], ...headers]),
    signal,
  });
  const response = responseOf(request, signal);
  response.catch(() => {}); // who writes or reads is told
  const over = new AbortController();
  request.once('close', () => over.abort());
  if (connection.alive !== undefined) {
    const { ask, pauseMs } = connection.alive;
    keepAsking(ask, { pauseMs, signal: AbortSignal.any([signal, over.signal]) }).catch((error: unknown) => {
      const reason = connectionError(error, signal);
      request.destroy(reason);
      response.then((body) => body.destroy(reason)).catch(() => {});
    });
  }
  return {
    write: (pieces) => writeAll(request, pieces, signal),
    end: () => void request.end(),
    answer: async () => messagesOf(await response, signal),
    async [Symbol.asyncDispose]() {
      request.destroy();
      await response.catch(() => {});
    },
  };
}

async function* messagesOf(body: IncomingMessage, signal: AbortSignal): AsyncGenerator<EngineMessage> {
  try {
    yield* engineMessages(body);
  } catch (error) {
    throw connectionError(error, signal);
  }
}

async function responseOf(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once('response', resolve);
  // also after the answer: whatever the engine does to a connection that it has no more use for
  request.on('error', (error) => reject(connectionError(error, signal)));
  request.once('close', () => reject(lost()));
  const response = await promise;
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  throw await refusal(response, status);
}

async function refusal(response: IncomingMessage, status: number): Promise<TsbuildxError> {
  const fallback = `the Docker daemon answered with status ${status}`;
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      text += chunk;
      if (text.length > MAX_ERROR) break;
    }
    return answerError(status, JSON.parse(text), fallback);
  } catch (error) {
    return answerError(status, undefined, fallback, error);
  }
}

async function writeAll(request: ClientRequest, pieces: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // What waits for a connection that never comes is not told by its callback.
  const closed = (): void => reject(lost());
  request.once('error', reject).once('close', closed);
  for (const [i, piece] of pieces.entries()) {
    if (i < pieces.length - 1) request.write(piece);
    else request.write(piece, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  }
  try {
    await promise;
  } catch (error) {
    const failure = connectionError(error, signal);
    throw wrap(failure.code, 'failed to send to the Docker daemon', failure);
  } finally {
    request.off('error', reject).off('close', closed);
  }
}

function lost(): TsbuildxError {
  return new TsbuildxError('TRANSPORT', 'the Docker daemon closed the connection');
}
