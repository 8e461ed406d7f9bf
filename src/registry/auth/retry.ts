// What a registry or its token server could not answer just now is asked for again.
import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError } from '../../base/errors.ts';
import {
  exchange,
  type HttpAnswer,
  type HttpOptions,
  type HttpRequest,
  type OpenAnswer,
  openExchange,
} from './http.ts';

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
  return await patiently(() => exchange(request, options), options);
}

/** As `exchangePatiently`, for answers of which the body is still to come. */
export async function openPatiently(request: HttpRequest, options: RetryOptions): Promise<OpenAnswer> {
  return await patiently(
    () => openExchange(request, options),
    options,
    async (answer) => await answer[Symbol.asyncDispose](),
  );
}

type Answer = Pick<HttpAnswer, 'status' | 'headers'>;

/** @param discard is called for answers that nobody gets. */
async function patiently<A extends Answer>(
  send: () => Promise<A>,
  { signal, random = Math.random }: RetryOptions,
  discard: (answer: A) => Promise<void> = async () => {},
): Promise<A> {
  for (let tries = 1; ; tries += 1) {
    const isLast = tries === ATTEMPTS;
    const answer = await send().catch((error: unknown) => {
      if (isLast || !isLost(error)) throw error;
      return undefined;
    });
    const after = answer === undefined ? 0 : retryAfter(answer, Date.now());
    if (answer !== undefined && (isLast || !PASSING_STATUS.has(answer.status) || after > LONGEST_PAUSE)) return answer;
    if (answer !== undefined) await discard(answer);
    await pause(tries, { after, signal, random });
  }
}

/** Waits before the attempt after the one with number `tries`. Throws CANCELED. */
export async function pause(
  tries: number,
  {
    after = 0,
    signal,
    random,
  }: { readonly after?: number; readonly signal: AbortSignal; readonly random: () => number },
): Promise<void> {
  const longest = FIRST_PAUSE * 2 ** (tries - 1);
  try {
    await delay(Math.max(after, longest * (0.5 + random() / 2)), undefined, { signal });
  } catch (cause) {
    throw new TsbuildxError('CANCELED', 'registry request: context canceled', { cause });
  }
}

/** Milliseconds from `now` that the server asks to wait for: it names seconds or a date. */
export function retryAfter({ headers }: Pick<Answer, 'headers'>, now: number): number {
  const { 'retry-after': value } = headers;
  if (typeof value !== 'string') return 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(date - now, 0);
}

/** Whether a connection broke that may hold another time. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof TsbuildxError) || error.code !== 'TRANSPORT') return false;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && LOST.has(String(cause.code));
}
