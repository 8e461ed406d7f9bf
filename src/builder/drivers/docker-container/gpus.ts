import { type ContainerConfig, createContainer } from '../../../docker/containers/index.ts';
import type { EngineCallOptions, EngineClient } from '../../../docker/engine/index.ts';

/** What `docker run --gpus all` asks for. */
export const ALL_GPUS: object = { Driver: '', Count: -1, DeviceIDs: null, Capabilities: [['gpu']], Options: {} };

/**
 * Whether the engine can give GPUs to containers. No call tells, so one is tried; it removes itself.
 * Rejects with CANCELED only.
 */
export async function hasGpus(engine: EngineClient, image: string, options: EngineCallOptions): Promise<boolean> {
  const probe: ContainerConfig = {
    Image: image,
    Entrypoint: ['/bin/true'],
    HostConfig: { NetworkMode: 'none', AutoRemove: true, DeviceRequests: [ALL_GPUS] },
  };
  try {
    const id = await createContainer(engine, undefined, probe, options);
    if (id === undefined) return false;
    await engine.startContainer(id, options);
    return true;
  } catch (error) {
    if (options.signal.aborted) throw error;
    return false;
  }
}
