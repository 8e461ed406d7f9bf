import { wrap } from '../base/errors.ts';
import type { ControlClient, SolveStatus } from '../buildkit/control/index.ts';

/** Takes in one packet. While a promise that it gives is pending no more is read: the daemon keeps the rest. */
export type StatusReader = (status: SolveStatus) => unknown;

/** Milliseconds that the stream may last when its build has ended: without news, and in all. */
interface Patience {
  readonly silence: number;
  readonly total: number;
}

const patienceAfterSolve: Patience = { silence: 5_000, total: 30_000 };
/** The daemon refused the build, and looks for it for seconds. */
const patienceUnheard: Patience = { silence: 300, total: 30_000 };
const patienceAfterCancel: Patience = { silence: 1_000, total: 3_000 };

/**
 * Reads the status stream to its end: the last lines of a failed step come after Solve has answered. A daemon that does
 * not end it is left after a while, in which the time that `onStatus` takes does not count.
 * Errors: RPC_FAILED.
 */
export async function followStatus(
  { control, onStatus }: { readonly control: Pick<ControlClient, 'status'>; readonly onStatus: StatusReader },
  ref: string,
  { over, canceled }: { readonly over: AbortSignal; readonly canceled: AbortSignal },
): Promise<void> {
  const stop = new AbortController();
  const timers = new Map<keyof Patience, NodeJS.Timeout>();
  let reading = true;
  let heard = false;
  const arm = (name: keyof Patience): void => {
    clearTimeout(timers.get(name));
    const patience = canceled.aborted ? patienceAfterCancel : patienceAfterSolve;
    const ms = (heard ? patience : patienceUnheard)[name];
    timers.set(
      name,
      setTimeout(() => (reading ? stop.abort() : arm(name)), ms),
    );
  };
  const watch = (): void => {
    if (!over.aborted) return;
    arm('silence');
    arm('total');
  };
  for (const signal of [over, canceled]) signal.addEventListener('abort', watch);
  try {
    for await (const status of control.status(ref, { signal: stop.signal })) {
      heard = true;
      const shown = onStatus(status);
      if (shown instanceof Promise) {
        reading = false;
        await shown;
        reading = true;
      }
      if (over.aborted) arm('silence');
    }
  } catch (error) {
    if (!stop.signal.aborted) throw wrap('RPC_FAILED', 'failed to receive status', error);
  } finally {
    for (const signal of [over, canceled]) signal.removeEventListener('abort', watch);
    for (const timer of timers.values()) clearTimeout(timer);
  }
}
