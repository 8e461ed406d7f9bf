import { join } from 'node:path';
import { createCredentialStore, type DockerConfig } from '../docker/config/index.ts';
import { certificateDirs, certificatesIn, createTokenClient } from '../registry/auth/index.ts';
import type { RegistryClient, RegistryConfigs, RegistryLogin } from '../registry/images/index.ts';

export interface RegistryClientContext {
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
  /** How registries are reached, by domain. Default: as docker reaches them. */
  readonly registries?: RegistryConfigs | undefined;
}

/** A client of registries with the user's credentials and certificates. Nothing is dialed. */
export async function openRegistryClient({
  config,
  env,
  onWarning,
  registries,
}: RegistryClientContext): Promise<RegistryClient> {
  // most builds speak to no registry
  const { createRegistryClient } = await import('../registry/images/index.ts');
  const buildxDir = env['BUILDX_CONFIG'] || join(config.dir, 'buildx');
  const credentials = createCredentialStore({ config, buildxDir, env, onWarning });
  const tls = certificatesIn(certificateDirs(env));
  const login = async (host: string, options: { readonly signal: AbortSignal }): Promise<RegistryLogin> => {
    const { username, password, identityToken, registryToken } = await credentials.get(host, options);
    return identityToken.isEmpty
      ? { username, secret: password, registryToken }
      : { username: '', secret: identityToken, registryToken };
  };
  return createRegistryClient({ login, tokens: createTokenClient({ env, tls }), tls, env, registries });
}
