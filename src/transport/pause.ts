import { setTimeout as delay } from 'node:timers/promises';
import { TsbuildxError } from '../base/errors.ts';

/** Waits for `ms` milliseconds. Rejects with CANCELED. */
export async function pause(ms: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
  }
}
