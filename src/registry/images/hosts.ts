// Matches buildx util/resolver: which hosts answer for a registry, in which order.
import { isIP } from 'node:net';
import type { HostTls } from '../auth/host-tls.ts';

/** How one registry is reached, as buildkitd.toml has it under `[registry."HOST"]`. */
export interface RegistryConfig {
  /** Hosts that are read from first. */
  readonly mirrors?: readonly string[] | undefined;
  /** HTTP. Default: for registries of this machine. */
  readonly plainHttp?: boolean | undefined;
  /** Whatever certificate is shown will do. Default false. */
  readonly insecure?: boolean | undefined;
  /** Beside what docker keeps for the registry. */
  readonly tls?: HostTls | undefined;
}

/** Configured registries by their domain; `docker.io` for Docker Hub. */
export type RegistryConfigs = ReadonlyMap<string, RegistryConfig>;

/** One place that answers for a registry. */
export interface RegistryHost {
  /** Scheme and host, without a path. */
  readonly base: string;
  /** Whose credentials are right here; undefined: nobody's. */
  readonly account: string | undefined;
  /** Mirrors are only read from. */
  readonly isMirror: boolean;
  readonly insecure: boolean;
  readonly tls: HostTls | undefined;
}

const HUB = 'docker.io';
const HUB_HOST = 'registry-1.docker.io';

/** Where a registry answers: mirrors first; plain HTTP before TLS without checks, where a configuration allows both. */
export function registryHosts(domain: string, configs: RegistryConfigs): readonly RegistryHost[] {
  const config = configs.get(domain);
  const mirrors = (config?.mirrors ?? []).flatMap((mirror) => hostsOf(mirror, mirror, configs.get(mirror), true));
  return [...mirrors, ...hostsOf(domain === HUB ? HUB_HOST : domain, domain, config, false)];
}

function hostsOf(
  host: string,
  account: string,
  { plainHttp = isLocal(host), insecure = false, tls }: RegistryConfig = {},
  isMirror: boolean,
): RegistryHost[] {
  const common = { account, isMirror, insecure, tls };
  const found: RegistryHost[] = [];
  if (plainHttp) found.push({ ...common, base: `http://${host}` });
  if (insecure || !plainHttp) found.push({ ...common, base: `https://${host}` });
  return found;
}

/** Registries of this machine have no certificates. */
function isLocal(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || (isIP(name) === 4 && name.startsWith('127.'));
}
