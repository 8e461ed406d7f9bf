// Matches buildx builder/builder.go Boot, and Bootstrap of its drivers: same names of steps.
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { createControlClient } from '../../buildkit/control/index.ts';
import { createRpcClient } from '../../buildkit/rpc/index.ts';
import type { NodeTarget } from '../node-target.ts';

/** Runs a step of starting a node, and shows it. `tell` names what is done within it. */
export type RunStep = <T>(name: string, work: (tell: (part: string) => void) => Promise<T>) => Promise<T>;

/** Milliseconds that a daemon may take until it answers, and between two tries. */
const WAIT_MS = 20_000;
const PAUSE_MS = 200;

/**
 * Starts the daemon of a node, or waits for one that others start.
 * @param prefix the name of the node, where there are several.
 * Rejects with UNSUPPORTED (its container has to be made first), TRANSPORT, ENGINE_FAILED, CANCELED.
 */
export async function bootNode(
  target: NodeTarget,
  { prefix, run, signal }: { readonly prefix: string; readonly run: RunStep; readonly signal: AbortSignal },
): Promise<void> {
  const { container } = target;
  const step = (what: string): string => (prefix === '' ? `[internal] ${what}` : `[${prefix} internal] ${what}`);
  if (target.driver === 'remote' || container === undefined) {
    await run(step('waiting for connection'), async () => await untilAnswering(target, signal));
    return;
  }
  const { engine, name } = container;
  await run(step('booting buildkit'), async (tell) => {
    try {
      await engine.startContainer(name, { signal });
    } catch (error) {
      if (!(error instanceof TsbuildxError) || error.code !== 'NOT_FOUND') throw error;
      const text = `container ${name} does not exist, and making it is not supported yet: run \`docker buildx inspect --bootstrap\``;
      throw new TsbuildxError('UNSUPPORTED', text, { cause: error });
    }
    tell(`starting container ${name}`);
    await untilAnswering(target, signal);
  });
}

async function untilAnswering(target: NodeTarget, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(WAIT_MS);
  const both = AbortSignal.any([signal, deadline]);
  for (let last = 'no answer'; ; ) {
    await using rpc = createRpcClient(target.dial, target.rpc);
    try {
      await createControlClient(rpc).listWorkers({ signal: both });
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      if (deadline.aborted)
        throw new TsbuildxError('TRANSPORT', `context deadline exceeded: ${last}`, { cause: error });
      last = messageOf(error);
    }
    await delay(PAUSE_MS, undefined, { signal: both }).catch(() => undefined);
  }
}
