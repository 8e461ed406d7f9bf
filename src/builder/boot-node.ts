// Matches buildx driver/driver.go and builder/builder.go Boot: same names of steps.
import {
  createClientSteps,
  createControlClient,
  now,
  type SolveStatus,
  type WorkerRecord,
} from '../buildkit/control/index.ts';
import type { NodeDriver } from './drivers/driver.ts';

export interface BootNodeOptions {
  /** The name of the node, where several are booted; empty for one. */
  readonly prefix: string;
  readonly onStatus: (status: SolveStatus) => void;
  readonly signal: AbortSignal;
}

/** How often a daemon is booted that is gone again when it shall be used. */
const MAX_BOOTS = 2;

/** Boots a daemon that does not answer, and gives its workers. Rejects like `bootNode`, and with TRANSPORT. */
export async function bootAndConnect(driver: NodeDriver, options: BootNodeOptions): Promise<readonly WorkerRecord[]> {
  for (let boots = 1; ; boots += 1) {
    await bootNode(driver, options);
    try {
      return await createControlClient(driver.rpc).listWorkers(options);
    } catch (error) {
      if (options.signal.aborted || boots === MAX_BOOTS) throw error;
    }
  }
}

/**
 * Makes and starts the daemon of a node where it is missing, and shows that as a step. Does nothing for engines.
 * Rejects with what keeps it from starting, and with CANCELED.
 */
export async function bootNode(driver: NodeDriver, { prefix, onStatus, signal }: BootNodeOptions): Promise<void> {
  const { bootStep } = driver;
  if (bootStep === undefined) return;
  const name = prefix === '' ? `[internal] ${bootStep}` : `[${prefix} internal] ${bootStep}`;
  await createClientSteps(onStatus).run(name, async (_, tell, log) => {
    const part = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
      const status = { id, current: 0n, total: 0n, started: now() };
      tell({ ...status, completed: false });
      try {
        return await work();
      } finally {
        tell({ ...status, completed: true });
      }
    };
    await driver.boot({ tell: { part, log }, signal });
  });
}
