// Matches buildx driver/docker-container/driver.go Rm.
import { TsbuildxError } from '../../../base/errors.ts';
import { removeContainer, removeVolume } from '../../../docker/containers/index.ts';
import type { EngineClient } from '../../../docker/engine/index.ts';
import type { RemoveOptions } from '../driver.ts';
import { stateVolume } from './host-config.ts';

/** Removes a builder's container, and the volume with its cache. Rejects with ENGINE_FAILED, TRANSPORT, CANCELED. */
export async function removeNode(
  engine: EngineClient,
  name: string,
  { force, keepState, keepDaemon, signal }: RemoveOptions,
): Promise<void> {
  if (keepDaemon) return;
  const volume = stateVolume(name);
  try {
    const { volumes } = await engine.inspectContainer(name, { signal });
    await removeContainer(engine, name, { force, signal });
    if (!keepState && volumes.includes(volume)) await removeVolume(engine, volume, { signal });
  } catch (error) {
    // gone already, or removed by another process meanwhile
    if (!(error instanceof TsbuildxError) || error.code !== 'NOT_FOUND') throw error;
  }
}
