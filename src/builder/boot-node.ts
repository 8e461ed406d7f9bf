// Matches buildx driver/driver.go and builder/builder.go Boot: same names of steps.
import { createClientSteps, now, type SolveStatus } from '../buildkit/control/index.ts';
import type { NodeDriver } from './drivers/driver.ts';

/**
 * Makes and starts the daemon of a node where it is missing, and shows that as a step. Does nothing for engines.
 * @param prefix the name of the node, where several are booted.
 * Rejects with what keeps it from starting, and with CANCELED.
 */
export async function bootNode(
  driver: NodeDriver,
  options: {
    readonly prefix: string;
    readonly onStatus: (status: SolveStatus) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { bootStep } = driver;
  if (bootStep === undefined) return;
  const { prefix, onStatus, signal } = options;
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
