import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import type { Dialer } from './dialer.ts';
import { canceled } from './socket.ts';

/** A request that turns an HTTP/1.1 connection into a raw stream. */
export interface UpgradeRequest {
  readonly path: string;
  /** Protocol asked for, `h2c` or `tcp`. */
  readonly protocol: string;
  /** Value of the Host header. */
  readonly host: string;
  /** Sent in this order; the same name may come again. */
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  /** A JSON text. */
  readonly body?: string | undefined;
  /** Which daemon it is, for messages. */
  readonly where: string;
  /** Milliseconds that the answer may take. Default: no limit. */
  readonly answerMs?: number | undefined;
}

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Dials through `dial` and sends `POST path` with `Upgrade`. Bytes that arrive with the answer's head are the first of
 * the stream. Rejects with ENGINE_FAILED when the answer is not 101, with the message it carries; with TRANSPORT when none
 * comes in time.
 */
export function upgradeDialer(dial: Dialer, request: UpgradeRequest): Dialer {
  return async ({ signal }) => {
    const head = formatRequest(request);
    const stream = await dial({ signal });
    try {
      await exchange(stream, head, request, signal);
      return stream;
    } catch (error) {
      stream.on('error', () => undefined).destroy();
      throw error;
    }
  };
}

function formatRequest(request: UpgradeRequest): string {
  const body = request.body ?? '';
  const headers: (readonly [string, string])[] = [
    ['Host', request.host],
    ['Connection', 'Upgrade'],
    ['Upgrade', request.protocol],
    ...(request.body === undefined ? [] : [['Content-Type', 'application/json'] as const]),
    ['Content-Length', String(Buffer.byteLength(body))],
    ...(request.headers ?? []),
  ];
  for (const [name, value] of headers) {
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name) || hasControl(value)) {
      throw new TsbuildxError('INVALID_ARGUMENT', `invalid HTTP header ${JSON.stringify(`${name}: ${value}`)}`);
    }
  }
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `POST ${request.path} HTTP/1.1\r\n${lines}\r\n${body}`;
}

function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/** Resolves when the answer is 101; what came after its head is put back. */
function exchange(stream: Duplex, head: string, request: UpgradeRequest, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = new AnswerReader();
    let timer: NodeJS.Timeout | undefined;
    const settle = (error?: TsbuildxError): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stream.off('readable', onReadable).off('error', onLost).off('close', onEnd).off('end', onEnd);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onAbort = (): void => settle(canceled(request.where, signal));
    const onLost = (cause: Error): void => settle(lost(request.where, messageOf(cause), cause));
    const onEnd = (): void => {
      const complete = answer.end();
      settle(
        complete === undefined
          ? lost(request.where, 'it was closed before the answer came')
          : refusal(complete, request),
      );
    };
    const onReadable = (): void => {
      try {
        for (let chunk: unknown = stream.read(); Buffer.isBuffer(chunk); chunk = stream.read()) {
          const complete = answer.push(chunk);
          if (complete === undefined) continue;
          if (complete.status !== 101) {
            settle(refusal(complete, request));
            return;
          }
          if (complete.body.length > 0) stream.unshift(complete.body);
          settle();
          return;
        }
      } catch (error) {
        const cause = error instanceof TsbuildxError ? error : new TsbuildxError('PROTOCOL', messageOf(error));
        settle(cause);
      }
    };
    if (signal.aborted) {
      settle(canceled(request.where, signal));
      return;
    }
    const { answerMs, path } = request;
    if (answerMs !== undefined) {
      const why = `no answer to POST ${path} for ${answerMs / 1000} seconds`;
      timer = setTimeout(() => settle(lost(request.where, why)), answerMs);
    }
    signal.addEventListener('abort', onAbort, { once: true });
    stream.on('readable', onReadable).once('error', onLost).once('close', onEnd).once('end', onEnd);
    stream.write(head);
  });
}

interface Answer {
  readonly status: number;
  /** For 101: the first bytes of the stream. */
  readonly body: Buffer;
}

/** Collects the head of an HTTP answer, and the body of one that is not 101. */
class AnswerReader {
  #bytes: Buffer = Buffer.alloc(0);
  #status = 0;
  #bodyStart = -1;
  #bodyLength: number | undefined;
  #chunked = false;

  push(chunk: Buffer): Answer | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#bodyStart < 0 && !this.#parseHead()) return undefined;
    const body = this.#bytes.subarray(this.#bodyStart);
    if (this.#status === 101) return { status: 101, body };
    const complete = this.#chunked
      ? /(?:^|\r\n)0\r\n\r\n/.test(body.toString('latin1'))
      : body.length >= (this.#bodyLength ?? Number.POSITIVE_INFINITY);
    return complete || body.length > MAX_BODY_BYTES ? this.end() : undefined;
  }

  /** What there is when the stream ends: undefined before the end of the head. */
  end(): Answer | undefined {
    if (this.#bodyStart < 0) return undefined;
    const body = this.#bytes.subarray(this.#bodyStart, this.#bodyStart + MAX_BODY_BYTES);
    return { status: this.#status, body: this.#chunked ? joinChunks(body) : body };
  }

  #parseHead(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#bytes.length > MAX_HEAD_BYTES)
        throw new TsbuildxError('PROTOCOL', 'the head of the HTTP answer is too long');
      return false;
    }
    const [first = '', ...lines] = this.#bytes.toString('latin1', 0, end).split('\r\n');
    const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
    if (status === undefined) {
      throw new TsbuildxError('PROTOCOL', 'the answer is not HTTP: does the daemon expect TLS on this port?');
    }
    this.#status = Number(status);
    this.#bodyStart = end + 4;
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      const value = line.slice(colon + 1).trim();
      if (name === 'content-length' && /^\d{1,15}$/.test(value)) this.#bodyLength = Number(value);
      if (name === 'transfer-encoding') this.#chunked = value.toLowerCase() === 'chunked';
    }
    return true;
  }
}

function joinChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!Number.isSafeInteger(size) || size <= 0) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function refusal(answer: Answer, request: UpgradeRequest): TsbuildxError {
  const text = errorText(answer.body.toString('utf8'));
  const why = text === '' ? `HTTP status ${answer.status}` : `${text} (HTTP status ${answer.status})`;
  return new TsbuildxError('ENGINE_FAILED', `${request.where} refused POST ${request.path}: ${why}`);
}

/** The engine answers errors as `{"message": "…"}`. */
function errorText(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string') {
      return parsed.message;
    }
  } catch {
    // Not JSON: the text itself is the message.
  }
  return body.trim().slice(0, 500);
}

function lost(where: string, why: string, cause?: unknown): TsbuildxError {
  return new TsbuildxError('TRANSPORT', `connection to ${where} lost: ${why}`, { cause });
}
