export { type Credentials, isAnonymous } from './auths.ts';
export {
  createCredentialStore,
  type CredentialQuery,
  type CredentialStore,
  type CredentialStoreOptions,
} from './credentials.ts';
export { setDockerAlias } from './edit-config.ts';
export { type DockerConfig, dockerConfigDir, loadDockerConfig, type ProxyConfig } from './load.ts';
export { registryAuth } from './registry-auth.ts';
