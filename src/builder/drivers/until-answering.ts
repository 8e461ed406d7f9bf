import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { createControlClient } from '../../buildkit/control/index.ts';
import { GRPC_STATUS, isRpcError, type RpcClient } from '../../buildkit/rpc/index.ts';

const PAUSE_MS = 200;

/**
 * Resolves when the daemon answers. Rejects with TRANSPORT when it does not within `waitMs`, with CANCELED, and with what
 * waiting does not mend: files that cannot be read, a daemon that refuses the call.
 */
export async function untilAnswering(
  rpc: RpcClient,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const deadline = AbortSignal.timeout(waitMs);
  const both = AbortSignal.any([signal, deadline]);
  let last: unknown;
  for (;;) {
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
      if (!mayPass(error)) throw error;
      last = error;
    }
    await delay(PAUSE_MS, undefined, { signal: both }).catch(() => undefined);
  }
}

function mayPass(error: unknown): boolean {
  if (isRpcError(error) && error.status === GRPC_STATUS.unavailable) return error.code !== 'IO';
  return error instanceof TsbuildxError && error.code === 'TRANSPORT';
}
