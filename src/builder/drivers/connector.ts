import type { DockerFlags } from '../../docker/contexts/index.ts';
import type { EngineClient } from '../../docker/engine/index.ts';
import { type EngineSettings, engineAt, findEngine } from '../open-engine.ts';

/** How drivers reach what is outside: engines, and the settings of the user. */
export interface Connector {
  readonly settings: EngineSettings;
  /** What is built: a builder of many pods sends the same to the same. Empty where nothing is. */
  readonly contextKey: string;
  /** The engine of a docker context or at an address, default the current one. Rejects with NOT_FOUND, INVALID_ARGUMENT, IO. */
  engine(which?: DockerFlags): Promise<EngineClient>;
  /** The engine of a node: of a docker context, or at an address, which is then dialed without TLS. Rejects like `engine`. */
  engineOf(endpoint: string): Promise<EngineClient>;
}

export function createConnector(settings: EngineSettings, contextKey = ''): Connector {
  return {
    settings,
    contextKey,
    engine: async (which) => engineAt(await findEngine(settings, which), settings),
    async engineOf(endpoint) {
      if (!endpoint.includes('://')) return engineAt(await findEngine(settings, { context: endpoint }), settings);
      // who makes a node of an address is told to make a docker context where TLS is needed
      const { DOCKER_TLS: _, DOCKER_TLS_VERIFY: __, ...env } = settings.env;
      const found = await findEngine({ ...settings, env }, { host: endpoint });
      return engineAt({ ...found, origin: 'the node of the builder' }, settings);
    },
  };
}
