import type { DockerFlags } from '../../docker/contexts/index.ts';
import type { EngineClient } from '../../docker/engine/index.ts';
import { type EngineSettings, engineAt, findEngine } from '../open-engine.ts';

/** How drivers reach what is outside: engines, and the settings of the user. */
export interface Connector {
  readonly settings: EngineSettings;
  /** The engine of a docker context or at an address, default the current one. Rejects with NOT_FOUND, INVALID_ARGUMENT, IO. */
  engine(which?: DockerFlags): Promise<EngineClient>;
}

export function createConnector(settings: EngineSettings): Connector {
  return { settings, engine: async (which) => engineAt(await findEngine(settings, which), settings) };
}
