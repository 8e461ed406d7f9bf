import { dockerConfigDir, setDockerAlias } from '../docker/config/index.ts';
import type { BuilderSettings } from './builder-query.ts';

/**
 * Makes `docker builder` call a plugin, by an alias in config.json of which the rest stays as it is written; undefined takes
 * the alias away. Errors: IO, INVALID_ARGUMENT (config.json is broken).
 */
export async function setBuilderAlias(
  plugin: string | undefined,
  { docker = {}, env = process.env }: BuilderSettings = {},
): Promise<void> {
  await setDockerAlias(dockerConfigDir(docker.configDir, env), 'builder', plugin);
}
