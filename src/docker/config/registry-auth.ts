import { parseNormalizedReference } from '../../oci/index.ts';
import type { CredentialStore } from './credentials.ts';

const HUB = 'docker.io';
const HUB_ADDRESS = 'https://index.docker.io/v1/';

/** Value of `X-Registry-Auth`, with which an engine pulls or pushes the image `name`. Rejects with AUTH and CANCELED. */
export async function registryAuth(name: string, credentials: CredentialStore, signal: AbortSignal): Promise<string> {
  const { domain } = parseNormalizedReference(name);
  const { username, password, identityToken, registryToken } = await credentials.get(domain, { signal });
  const given = {
    username,
    password: password.reveal(),
    identitytoken: identityToken.reveal(),
    registrytoken: registryToken.reveal(),
    serveraddress: domain === HUB ? HUB_ADDRESS : domain,
  };
  const json = JSON.stringify(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')));
  // Go's decoder wants the padding.
  return Buffer.from(json).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
