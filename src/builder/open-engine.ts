import type { DockerConfig } from '../docker/config/index.ts';
import { type DockerEndpoint, type DockerFlags, resolveEndpoint } from '../docker/contexts/index.ts';
import { createEngineClient, type EngineClient } from '../docker/engine/index.ts';

/** What engines are found and called with. */
export interface EngineSettings {
  /** Which engine, by default. */
  readonly flags: DockerFlags;
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where the engine is that `which` names. Throws NOT_FOUND, INVALID_ARGUMENT, IO. */
export async function findEngine(
  { flags, config, env }: EngineSettings,
  which: DockerFlags = flags,
): Promise<DockerEndpoint> {
  return await resolveEndpoint({ flags: which, env, currentContext: config.currentContext, configDir: config.dir });
}

/** Address of the current engine. Throws NOT_FOUND, INVALID_ARGUMENT, IO. */
export async function engineHost(settings: EngineSettings): Promise<string> {
  return (await findEngine(settings)).host;
}

/** A client of an engine. Nothing is dialed. Throws INVALID_ARGUMENT. */
export function engineAt(endpoint: DockerEndpoint, { config, env }: EngineSettings): EngineClient {
  return createEngineClient(endpoint, {
    httpHeaders: config.httpHeaders,
    customHeaders: env['DOCKER_CUSTOM_HEADERS'],
    apiVersion: env['DOCKER_API_VERSION'],
  });
}

/** The engine of a docker context, or at an address; the current one when the name is empty. */
export async function engineNamed(name: string, settings: EngineSettings): Promise<EngineClient> {
  const which = name === '' ? undefined : name.includes('://') ? { host: name } : { context: name };
  return engineAt(await findEngine(settings, which), settings);
}
