// Matches client-go rest/config.go and transport: how a cluster is reached, and what every request says of its caller.
import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { type Env, proxyFor, type TlsMaterial } from '../transport/index.ts';
import { type Authenticator, authenticatorFor, type Credentials } from './auth/authenticator.ts';
import type { HttpServer } from './http/server.ts';
import type { ChosenContext } from './kubeconfig/choose.ts';
import type { Cluster, Impersonation, User } from './kubeconfig/kubeconfig.ts';

/** A cluster, and who we are to it. */
export interface KubeAccess {
  readonly server: HttpServer;
  /** Before each path: a proxy of several clusters tells them apart by it. */
  readonly prefix: string;
  readonly authenticator: Authenticator;
  readonly impersonation: Readonly<Record<string, string | readonly string[]>>;
}

/** Nothing is dialed. Throws INVALID_ARGUMENT and UNSUPPORTED. */
export async function accessTo(chosen: ChosenContext, env: Env): Promise<KubeAccess> {
  const { cluster, user } = chosen;
  const url = serverUrl(chosen);
  const isSecure = url.protocol === 'https:';
  // secrets are sent over TLS only
  const authenticator: Authenticator = isSecure
    ? await authenticatorFor(chosen, env)
    : { credentials: async () => ({ authorization: undefined, certificate: undefined }), reject: () => false };
  const tls = async (signal: AbortSignal): Promise<TlsMaterial> =>
    await tlsMaterial(cluster, user, await authenticator.credentials(signal));
  const proxy = cluster.proxyUrl === '' ? proxyFor(url, env) : new URL(cluster.proxyUrl);
  return {
    server: { url: new URL(url.origin), proxy, tls },
    prefix: url.pathname.replace(/\/+$/, ''),
    authenticator,
    impersonation: isSecure ? impersonationHeaders(user.impersonate) : {},
  };
}

function serverUrl({ cluster, user }: ChosenContext): URL {
  const { server } = cluster;
  const hasTls =
    cluster.skipVerify ||
    cluster.caFile !== '' ||
    cluster.caData.length > 0 ||
    user.certFile !== '' ||
    user.certData.length > 0;
  const text = /^https?:\/\//i.test(server) ? server : `${hasTls ? 'https' : 'http'}://${server}`;
  const url = URL.parse(text);
  if (url === null || url.hostname === '') {
    throw new TsbuildxError('INVALID_ARGUMENT', `host must be a URL or a host:port pair: ${JSON.stringify(server)}`);
  }
  return url;
}

async function tlsMaterial(cluster: Cluster, user: User, { certificate }: Credentials): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    pem(cluster.caData, cluster.caFile, 'certificate-authority'),
    pem(user.certData, user.certFile, 'client-certificate'),
    pem(user.keyData, user.keyFile, 'client-key'),
  ]);
  return {
    ca,
    cert: certificate?.cert ?? cert,
    key: certificate?.key ?? key,
    skipVerify: cluster.skipVerify,
    serverName: cluster.tlsServerName || undefined,
  };
}

async function pem(data: Buffer, file: string, what: string): Promise<Uint8Array | undefined> {
  if (data.length > 0) return data;
  if (file === '') return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TsbuildxError('IO', `unable to read ${what} ${file}: ${messageOf(cause)}`, { cause });
  }
}

function impersonationHeaders({ user, uid, groups, extra }: Impersonation): KubeAccess['impersonation'] {
  if (user === '') return {};
  return {
    'Impersonate-User': user,
    ...(uid === '' ? {} : { 'Impersonate-Uid': uid }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups }),
    ...Object.fromEntries(
      Object.entries(extra).map(([name, values]) => [`Impersonate-Extra-${headerKey(name)}`, values]),
    ),
  };
}

/** What no header's name may have is escaped as in a URL. */
function headerKey(name: string): string {
  return Buffer.from(name)
    .toString('latin1')
    .replace(/[^!#$&'*+\-.^_`|~\w]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
