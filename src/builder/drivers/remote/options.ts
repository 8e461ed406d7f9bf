// Matches buildx driver/remote/factory.go: the options of the remote driver, same error texts.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import { type Address, type Dialer, joinHostPort, tlsDialer, type TlsMaterial } from '../../../transport/index.ts';
import type { InstanceNode } from '../../store/index.ts';
import { defaultLoadOf, invalidOption as invalid } from '../options.ts';

/** Files of TLS, by absolute paths. */
export interface RemoteTls {
  readonly cacert: string;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Name that the certificate must have. Default: the host of the endpoint. */
  readonly servername: string | undefined;
}

const KNOWN = ['cacert', 'cert', 'key', 'servername', 'default-load'] as const;

/** The TLS that a node asks for; undefined for none. Throws INVALID_ARGUMENT for options that cannot be. */
export function readRemoteTls(node: InstanceNode): RemoteTls | undefined {
  if (Object.keys(node.files).length > 0) throw invalid('setting config file is not supported for remote driver');
  if (node.buildkitdFlags.length > 0) throw invalid('setting buildkit flags is not supported for remote driver');
  for (const name of Object.keys(node.driverOpts)) {
    if (!KNOWN.some((known) => known === name)) throw invalid(`invalid driver option ${name} for remote driver`);
  }
  const { cacert, cert, key, servername } = node.driverOpts;
  defaultLoadOf(node);
  for (const [name, path] of Object.entries({ cacert, cert, key })) {
    if (path !== undefined && !isAbsolute(path)) throw invalid(`non-absolute path '${path}' provided for ${name}`);
  }
  if ([cacert, cert, key, servername].every((option) => option === undefined)) return undefined;
  if (!cacert || Boolean(cert) !== Boolean(key)) {
    const missing = [cacert ? '' : 'cacert', cert && !key ? 'key' : '', key && !cert ? 'cert' : ''].filter(Boolean);
    throw invalid(`tls enabled, but missing keys ${missing.join(', ')}`);
  }
  return { cacert, cert: cert || undefined, key: key || undefined, servername: servername || undefined };
}

/** Dials with TLS; the files are read by then. */
export function remoteTlsDialer(address: Address & { readonly kind: 'tcp' }, tls: RemoteTls): Dialer {
  return async ({ signal }) => {
    const [ca, cert, key] = await Promise.all([
      readPem(tls.cacert, 'could not read ca certificate'),
      readPem(tls.cert, 'could not read certificate/key'),
      readPem(tls.key, 'could not read certificate/key'),
    ]);
    const material: TlsMaterial = { ca, cert, key, serverName: tls.servername };
    const { host, port } = address;
    return await tlsDialer({ host, port, alpn: ['h2'] }, material)({ signal });
  };
}

/** What the calls name as their host: proxies find the daemon by it. */
export function remoteAuthority(address: Address, tls: RemoteTls | undefined): string | undefined {
  if (tls?.servername !== undefined) return tls.servername;
  return address.kind === 'tcp' ? joinHostPort(address.host, address.port) : undefined;
}

async function readPem(path: string | undefined, what: string): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path);
  } catch (cause) {
    throw new TsbuildxError('IO', `error loading tls config: ${what}: ${messageOf(cause)}`, { cause });
  }
}
