import { setTimeout as delay } from 'node:timers/promises';
import { type ErrorCode, messageOf, TsbuildxError } from '../../base/errors.ts';
import { createControlClient } from '../../buildkit/control/index.ts';
import { GRPC_STATUS, isRpcError, type RpcClient } from '../../buildkit/rpc/index.ts';

/** Milliseconds between the first two tries, which grow with each. */
const PAUSE_MS = 50;
const MAX_PAUSE_MS = 500;
/** What waiting does not mend. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['AUTH', 'INVALID_ARGUMENT', 'IO', 'UNSUPPORTED']);

export interface WaitOptions {
  /** Milliseconds that the daemon may take. */
  readonly waitMs: number;
  /** Whether the daemon has ended for good. Asked after tries that failed. */
  readonly isOver?: ((options: { readonly signal: AbortSignal }) => Promise<boolean>) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Resolves when the daemon answers. Rejects with TRANSPORT when it does not within `waitMs`, with CANCELED, and with what
 * waiting does not mend: files that cannot be read, a daemon that refuses the call.
 */
export async function untilAnswering(
  rpc: RpcClient,
  { waitMs, isOver = async () => false, signal }: WaitOptions,
): Promise<void> {
  const deadline = AbortSignal.timeout(waitMs);
  const both = AbortSignal.any([signal, deadline]);
  let last: unknown;
  for (let pause = PAUSE_MS; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
    try {
      await rpc.connect({ signal: both });
      await createControlClient(rpc).listWorkers({ signal: both });
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      if (deadline.aborted) {
        const why = last === undefined ? 'no answer' : messageOf(last);
        throw new TsbuildxError('TRANSPORT', `context deadline exceeded: ${why}`, { cause: last });
      }
      if (!mayPass(error) || (await isOver({ signal }))) throw error;
      last = error;
    }
    await delay(pause, undefined, { signal: both }).catch(() => undefined);
  }
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof TsbuildxError) || FINAL.has(error.code)) return false;
  return error.code !== 'RPC_FAILED' || (isRpcError(error) && error.status === GRPC_STATUS.unavailable);
}
