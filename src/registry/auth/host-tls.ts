import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

/** What TLS connections on behalf of one registry need beyond the system's certificates. */
export interface HostTls {
  /** Certificates of authorities, PEM. */
  readonly ca: readonly string[];
  /** Client certificates with their keys, PEM. */
  readonly clients: readonly { readonly cert: string; readonly key: string }[];
}

/** Finds what is configured for a registry, named by host and port. */
export type HostTlsLookup = (host: string) => Promise<HostTls | undefined>;

/** Where docker keeps certificates of registries: those of the user before those of the machine. */
export function certificateDirs(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env['HOME'] || homedir();
  return [join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'docker/certs.d'), '/etc/docker/certs.d'];
}

/** Looks in `DIR/HOST` of each directory: `*.crt` are authorities, `*.cert` with `*.key` are client certificates. */
export function certificatesIn(dirs: readonly string[]): HostTlsLookup {
  return async (host) => {
    // The name comes from the daemon: it must not lead elsewhere.
    if (host === '' || host.startsWith('.') || /[/\\]/.test(host)) return undefined;
    for (const dir of dirs) {
      const found = await readHostDir(join(dir, host));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

async function readHostDir(dir: string): Promise<HostTls | undefined> {
  let names: string[];
  try {
    names = (await readdir(dir)).sort();
  } catch {
    return undefined; // most often there is none
  }
  const read = async (name: string): Promise<string> => {
    try {
      return await readFile(join(dir, name), 'utf8');
    } catch (error) {
      throw new TsbuildxError('IO', `failed to read ${join(dir, name)}: ${messageOf(error)}`, { cause: error });
    }
  };
  const ca = await Promise.all(names.filter((name) => name.endsWith('.crt')).map(read));
  const stems = names.filter((name) => name.endsWith('.cert')).map((name) => name.slice(0, -'.cert'.length));
  const clients = await Promise.all(
    stems.map(async (stem) => ({ cert: await read(`${stem}.cert`), key: await read(`${stem}.key`) })),
  );
  return { ca, clients };
}

/** What two places keep for one registry. */
export function mergeTls(a: HostTls | undefined, b: HostTls | undefined): HostTls | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { ca: [...a.ca, ...b.ca], clients: [...a.clients, ...b.clients] };
}

/** The system's authorities, as Go trusts them, with the registry's own. Takes a tenth of a second: make it once a host. */
export async function secureContextOf(tls: HostTls | undefined): Promise<SecureContext> {
  const { createSecureContext, getCACertificates } = await import('node:tls');
  const system = getCACertificates('system');
  const trusted = system.length > 0 ? [...system, ...getCACertificates('extra')] : getCACertificates('default');
  try {
    return createSecureContext({
      ca: [...new Set([...trusted, ...(tls?.ca ?? [])])],
      ...(tls === undefined
        ? {}
        : { cert: tls.clients.map(({ cert }) => cert), key: tls.clients.map(({ key }) => key) }),
    });
  } catch (error) {
    throw new TsbuildxError('AUTH', `certificates of the registry: ${messageOf(error)}`, { cause: error });
  }
}
