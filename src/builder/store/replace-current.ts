import { currentBuilder } from './current.ts';
import { lockState, saveCurrent } from './locked-state.ts';
import type { StateDir } from './state-dir.ts';

/** Milliseconds that a build waits for others who change builders. */
const PATIENCE = 1000;

/** Forgets the builder that was chosen for another engine than `key`, as buildx does. Rejects with IO, CANCELED. */
export async function replaceCurrent(dir: StateDir, key: string): Promise<void> {
  await using state = await lockState(dir, { signal: AbortSignal.timeout(PATIENCE) });
  // it may have been chosen anew meanwhile
  const { replaces } = currentBuilder(state, key);
  if (replaces !== undefined) saveCurrent(state, replaces, replaces.name !== '');
}
