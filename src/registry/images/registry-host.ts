import { isIP } from 'node:net';

/** Where the registry of a reference's domain answers. */
export function registryUrl(domain: string): URL {
  const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  return new URL(`${isLocal(host) ? 'http' : 'https'}://${host}`);
}

/** Registries of this machine have no certificates. */
function isLocal(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || (isIP(name) === 4 && name.startsWith('127.'));
}
