import { TsbuildxError } from '../../../base/errors.ts';
import type { EngineCallOptions, EngineClient } from '../../../docker/engine/index.ts';

/** How a builder's container is. Rejects with what the engine says, unless it is that there is none. */
export async function containerStatus(
  engine: EngineClient,
  name: string,
  options: EngineCallOptions,
): Promise<'running' | 'inactive' | 'stopped'> {
  try {
    const { running } = await engine.inspectContainer(name, options);
    return running ? 'running' : 'stopped';
  } catch (error) {
    if (error instanceof TsbuildxError && error.code === 'NOT_FOUND') return 'inactive';
    throw error;
  }
}
