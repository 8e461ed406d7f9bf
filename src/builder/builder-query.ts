import { dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import type { DockerFlags } from '../docker/contexts/index.ts';
import type { BuilderQuery } from './find-builder.ts';

/** Milliseconds that the daemons of a builder may take to answer, where nothing else is said. */
export const ANSWER_MS = 20_000;

/** Where builders and engines are found. */
export interface BuilderSettings {
  /** How engines are found; `configDir` is the directory of config.json. */
  readonly docker?: (DockerFlags & { readonly configDir?: string | undefined }) | undefined;
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** To look at builders and to change them: those of other docker contexts may be named too. */
export async function builderQuery(
  builder: string | undefined,
  { docker = {}, env = process.env }: BuilderSettings,
): Promise<BuilderQuery> {
  const config = await loadDockerConfig(dockerConfigDir(docker.configDir, env));
  return { builder, flags: docker, config, env, anyContext: true };
}
