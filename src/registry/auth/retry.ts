import { setTimeout as delay } from 'node:timers/promises';

/** How one attempt failed and whether another makes sense. */
export interface RetryAdvice {
  readonly retry: boolean;
  /** Milliseconds that the peer asks to wait for. */
  readonly after?: number | undefined;
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly advise: (error: unknown) => RetryAdvice;
  /** Between 0 and 1. */
  readonly random: () => number;
}

const ATTEMPTS = 4;
/** Milliseconds before the second attempt, at most; doubled each time. */
const FIRST_PAUSE = 250;
/** Who asks for a longer pause than this gets no further attempt: the daemon waits a minute in all. */
const LONGEST_PAUSE = 10_000;

/** Runs `attempt` until it resolves, fails for good, or has had its tries; pauses in between, each with jitter. */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const { retry, after = 0 } = options.advise(error);
      if (!retry || tries === ATTEMPTS || after > LONGEST_PAUSE || options.signal.aborted) throw error;
      const longest = FIRST_PAUSE * 2 ** (tries - 1);
      await delay(Math.max(after, longest * (0.5 + options.random() / 2)), undefined, { signal: options.signal });
    }
  }
}
