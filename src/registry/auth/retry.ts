// What a registry or its token server could not answer just now is asked for again.
import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError } from '../../base/errors.ts';
import { exchange, type HttpAnswer, type HttpOptions, type HttpRequest } from './http.ts';

export interface RetryOptions extends HttpOptions {
  /** Between 0 and 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

const ATTEMPTS = 4;
/** Milliseconds before the second attempt, at most; doubled each time. */
const FIRST_PAUSE = 250;
/** Who asks for a longer pause than this gets no further attempt: the daemon waits a minute in all. */
const LONGEST_PAUSE = 10_000;
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const LOST: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET']);

/**
 * Sends the request and reads the answer, whatever its status. Lost connections, 408, 429 and 5xx are tried again, with a
 * pause that has jitter and is not shorter than `Retry-After`; 401 and 403 never. Throws what `exchange` throws, CANCELED.
 */
export async function exchangePatiently(request: HttpRequest, options: RetryOptions): Promise<HttpAnswer> {
  const { signal, random = Math.random } = options;
  for (let tries = 1; ; tries += 1) {
    const isLast = tries === ATTEMPTS;
    const answer = await exchange(request, options).catch((error: unknown) => {
      if (isLast || !isLost(error)) throw error;
      return undefined;
    });
    const after = answer === undefined ? 0 : retryAfter(answer, Date.now());
    if (answer !== undefined && (isLast || !PASSING_STATUS.has(answer.status) || after > LONGEST_PAUSE)) return answer;
    const longest = FIRST_PAUSE * 2 ** (tries - 1);
    try {
      await delay(Math.max(after, longest * (0.5 + random() / 2)), undefined, { signal });
    } catch (cause) {
      throw new TsbuildxError('CANCELED', 'registry request: context canceled', { cause });
    }
  }
}

/** Milliseconds from `now` that the server asks to wait for: it names seconds or a date. */
export function retryAfter({ headers }: Pick<HttpAnswer, 'headers'>, now: number): number {
  const { 'retry-after': value } = headers;
  if (typeof value !== 'string') return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(date - now, 0);
}

function isLost(error: unknown): boolean {
  if (!(error instanceof TsbuildxError) || error.code !== 'TRANSPORT') return false;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && LOST.has(String(cause.code));
}
