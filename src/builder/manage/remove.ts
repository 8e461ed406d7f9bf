// Matches buildx commands/rm.go: builders go even when their nodes cannot be reached, and what went wrong is told.
import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import { type BuilderQuery, findBuilder, foundInstance } from '../find-builder.ts';
import { inspectFound } from '../inspect/inspect.ts';
import type { RemovedBuilder, RemoveOptions } from '../manage-builders.ts';
import { type PlannedNode, planNodes } from '../plan-nodes.ts';
import { type Instance, listInstances, openStateDir } from '../store/index.ts';
import { type LockedState, lockState, removeInstance } from '../store/locked-state.ts';

export interface RemoveSetting {
  /** 0 for no limit. */
  readonly timeoutMs: number;
  readonly onRemoved: (removed: RemovedBuilder) => void;
  readonly signal: AbortSignal;
}

/** Removes builders by name, all at the same time. Rejects with INVALID_ARGUMENT when one could not be, and with IO, CANCELED. */
export async function removeFound(
  names: readonly string[],
  options: RemoveOptions,
  query: BuilderQuery,
  setting: RemoveSetting,
): Promise<void> {
  // which one is current may have to be written down, and that takes the lock too
  if (names.includes('')) await findBuilder({ ...query, builder: '' });
  await using state = await lockState(openStateDir(query.config.dir, query.env), setting);
  const ends = await Promise.allSettled(
    names.map(async (name) => {
      try {
        await removeOne(state, name, options, query, setting);
      } catch (error) {
        setting.onRemoved({ name, error: error instanceof TsbuildxError ? error : wrap('IO', 'rm', error) });
        throw error;
      }
      setting.onRemoved({ name, error: undefined });
    }),
  );
  throwIfCanceled(setting.signal);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed === undefined) return;
  throw new TsbuildxError('INVALID_ARGUMENT', 'failed to remove one or more builders', { cause: failed.reason });
}

/** Removes all builders of which no node runs. Rejects with the first failure when all are done, IO, CANCELED. */
export async function removeInactive(
  options: RemoveOptions,
  query: BuilderQuery,
  setting: RemoveSetting,
): Promise<void> {
  await using state = await lockState(openStateDir(query.config.dir, query.env), setting);
  const ends = await Promise.allSettled(
    listInstances(state).map(async (instance) => {
      if (await isActive(instance, query, setting)) return;
      const troubles = await removeNodes(instance, options, query, setting);
      throwIfCanceled(setting.signal);
      removeInstance(state, instance.name);
      setting.onRemoved({ name: instance.name, error: undefined });
      throwAll(troubles);
    }),
  );
  throwIfCanceled(setting.signal);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function removeOne(
  state: LockedState,
  name: string,
  options: RemoveOptions,
  query: BuilderQuery,
  setting: RemoveSetting,
): Promise<void> {
  const { choice } = await findBuilder({ ...query, builder: name });
  if (choice.kind === 'address') {
    throw new TsbuildxError('INVALID_ARGUMENT', `${name} is an address of a daemon: there is no builder to remove`);
  }
  if (choice.kind === 'engine') {
    throw new TsbuildxError(
      'INVALID_ARGUMENT',
      `context builder cannot be removed, run \`docker context rm ${choice.name}\` to remove this context`,
    );
  }
  const { instance } = choice;
  const troubles = options.keepDaemon === true ? [] : await removeNodes(instance, options, query, setting);
  // what was interrupted can be done again as long as the builder is known
  throwIfCanceled(setting.signal);
  removeInstance(state, instance.name);
  throwAll(troubles);
}

/** Stops and removes the daemons of all nodes; gives what went wrong. */
async function removeNodes(
  instance: Instance,
  options: RemoveOptions,
  query: BuilderQuery,
  { timeoutMs, signal: canceled }: RemoveSetting,
): Promise<readonly TsbuildxError[]> {
  const signal = timeoutMs > 0 ? AbortSignal.any([canceled, AbortSignal.timeout(timeoutMs)]) : canceled;
  const { keepState = false, keepDaemon = false } = options;
  const removeNode = async ({ configured, open }: PlannedNode): Promise<TsbuildxError[]> => {
    const troubles: TsbuildxError[] = [];
    const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await work();
      } catch (error) {
        troubles.push(
          wrap(error instanceof TsbuildxError ? error.code : 'IO', `${what} node ${configured.name}`, error),
        );
        return undefined;
      }
    };
    await using driver = await attempt('failed to load', open);
    if (driver === undefined) return troubles;
    if (!keepDaemon) await attempt('failed to stop', () => driver.stop({ signal }));
    await attempt('failed to remove', () => driver.remove({ force: true, keepState, keepDaemon, signal }));
    return troubles;
  };
  return (await Promise.all(planNodes(foundInstance(instance, query), query).nodes.map(removeNode))).flat();
}

async function isActive(instance: Instance, query: BuilderQuery, setting: RemoveSetting): Promise<boolean> {
  const { timeoutMs, signal } = setting;
  const { nodes } = await inspectFound(foundInstance(instance, query), query, {
    timeoutMs,
    signal,
    bootstrap: undefined,
  });
  return nodes.some(({ status }) => status === 'running');
}

function throwIfCanceled(signal: AbortSignal): void {
  if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
}

function throwAll(troubles: readonly TsbuildxError[]): void {
  const [first] = troubles;
  if (first !== undefined) throw new TsbuildxError(first.code, troubles.map(messageOf).join('\n'), { cause: first });
}
