import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError } from '../../base/errors.ts';

/** A call that may take only so long. */
export interface Deadline {
  readonly ms: number;
  /** Who is called: `the Docker daemon at unix:///run/docker.sock`. */
  readonly where: string;
  /** The call: `GET /info`. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Runs a call, under a signal of its own. Rejects with TRANSPORT when no answer comes in time. */
export async function answerWithin<T>(
  call: (signal: AbortSignal) => Promise<T>,
  { ms, where, what, signal }: Deadline,
): Promise<T> {
  const late = new AbortController();
  const reason = new TsbuildxError(
    'TRANSPORT',
    `connection to ${where} lost: no answer to ${what} for ${ms / 1000} seconds`,
  );
  const timer = setTimeout(() => late.abort(reason), ms);
  try {
    return await call(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    throw late.signal.aborted && !signal.aborted ? reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks again and again whether a peer still answers, while a call to it is under way that may be silent for long.
 * Resolves when the signal aborts; rejects when `ask` does.
 */
export async function keepAsking(
  ask: (signal: AbortSignal) => Promise<unknown>,
  { pauseMs, signal }: { readonly pauseMs: number; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await delay(pauseMs, undefined, { signal, ref: false });
      await ask(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
