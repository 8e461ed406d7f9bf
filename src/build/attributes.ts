import { isIP } from 'node:net';
import { csvRecord } from '../base/csv-record.ts';
import { TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { compareUtf8 } from '../base/go-json.ts';
import type { BuildOptions, ResourceLimits } from './options.ts';

/** What the node can do, as far as a request depends on it. */
export interface NodeFeatures {
  /** The engine's embedded BuildKit (`docker` driver). */
  readonly isEngine: boolean;
  /** Several platforms, attestations, OCI and docker exporters: all but an engine with the old image store. */
  readonly containerImageStore: boolean;
  readonly attestations: boolean;
  /** Address that stands for `host-gateway`; undefined when the node has none. */
  readonly hostGateway: string | undefined;
  /** For messages. */
  readonly driver?: string;
}

/** What some daemon can do, for when none is asked: it only has to let everything pass that is right. */
export const anyFeatures: NodeFeatures = {
  isEngine: false,
  containerImageStore: true,
  attestations: true,
  hostGateway: '127.0.0.1',
};

/**
 * The frontend attributes that options stand for, without those of the inputs. Matches buildx build/opt.go toSolveOpt.
 * @param proxyArgs build arguments from config.json's `proxies`, used unless the caller sets them in any case of letters.
 */
export function frontendAttributes(
  options: BuildOptions,
  features: NodeFeatures,
  env: Readonly<Record<string, string | undefined>>,
  proxyArgs: ReadonlyMap<string, string>,
): Map<string, string> {
  const attributes = new Map<string, string>();
  const buildArgs = Object.entries(options.buildArgs ?? {});
  for (const [name, value] of buildArgs) attributes.set(`build-arg:${name}`, value);
  for (const [name, value] of Object.entries(options.labels ?? {})) attributes.set(`label:${name}`, value);

  const given = new Set(buildArgs.map(([name]) => name.toLowerCase()));
  for (const [name, value] of proxyArgs) {
    if (!given.has(name.toLowerCase())) attributes.set(`build-arg:${name}`, value);
  }

  addAttestations(attributes, options, features, env);
  if (isTrueLoose(options.buildArgs?.['BUILDKIT_MULTI_PLATFORM'])) attributes.set('multi-platform', 'true');
  if (options.pull === true) attributes.set('image-resolve-mode', 'pull');
  else if (features.isEngine) attributes.set('image-resolve-mode', 'local');
  if (options.target) attributes.set('target', options.target);
  if (options.noCache === true) attributes.set('no-cache', '');
  else if (Array.isArray(options.noCache) && options.noCache.length > 0)
    attributes.set('no-cache', options.noCache.join(','));

  const platforms = options.platforms ?? [];
  if (platforms.length > 1 && !features.containerImageStore) {
    throw notSupported('Multi-platform build', 'https://docs.docker.com/go/build-multi-platform/');
  }
  if (platforms.length > 0) attributes.set('platform', platforms.join(','));

  addNetwork(attributes, options.network);
  const hosts = extraHosts(options.addHosts ?? [], features);
  if (hosts !== '') attributes.set('add-hosts', hosts);
  if (options.shmSize !== undefined && options.shmSize > 0) attributes.set('shm-size', String(options.shmSize));
  if (options.ulimits !== undefined && options.ulimits.length > 0) attributes.set('ulimit', options.ulimits.join(','));
  if (options.cgroupParent) attributes.set('cgroup-parent', options.cgroupParent);
  addResources(attributes, options.resources ?? {});
  return attributes;
}

/** The entitlement that only this program honours: `mode=delete` of a local output. */
export const localDelete = 'buildx.local.delete';

/** Entitlements that the options ask the daemon for. */
export function entitlements(options: BuildOptions): string[] {
  const asked = (options.allow ?? []).filter((name) => name !== localDelete);
  if (options.network === 'host') asked.push('network.host');
  return asked;
}

/** Of several attestations of one type the first counts. */
function addAttestations(
  attributes: Map<string, string>,
  { attests = [] }: BuildOptions,
  features: NodeFeatures,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const asked = new Map(attests.map((attest) => [attest.type, attest] as const).reverse());
  for (const [type, { disabled = false, attrs = {} }] of asked) {
    if (disabled) continue;
    if (!features.containerImageStore) throw notSupported('Attestation', 'https://docs.docker.com/go/attestations/');
    if (!features.attestations) {
      throw new TsbuildxError('UNSUPPORTED', 'Attestations are not supported by the current BuildKit daemon');
    }
    const pairs = Object.entries(attrs).sort(([a], [b]) => compareUtf8(a, b));
    attributes.set(`attest:${type}`, csvRecord([['type', type], ...pairs]));
  }
  if (!features.attestations || asked.has('provenance')) return;
  if (isTrue(env['BUILDX_NO_DEFAULT_ATTESTATIONS'], 'BUILDX_NO_DEFAULT_ATTESTATIONS')) return;
  attributes.set('attest:provenance', 'mode=min,inline-only=true');
}

/** buildx's refusal of what an engine without the containerd image store cannot do. */
export function notSupported(feature: string, docs: string): TsbuildxError {
  return new TsbuildxError(
    'UNSUPPORTED',
    `${feature} is not supported for the docker driver.\n` +
      'Switch to a different driver, or turn on the containerd image store, and try again.\n' +
      `Learn more at ${docs}`,
  );
}

function addResources(attributes: Map<string, string>, limits: ResourceLimits): void {
  const positive = {
    memory: limits.memory,
    cpushares: limits.cpuShares,
    cpuperiod: limits.cpuPeriod,
    cpuquota: limits.cpuQuota,
  };
  for (const [name, value] of Object.entries(positive)) {
    if (value !== undefined && value > 0) attributes.set(name, String(value));
  }
  if (limits.memorySwap) attributes.set('memswap', String(limits.memorySwap));
  if (limits.cpusetCpus) attributes.set('cpusetcpus', limits.cpusetCpus);
  if (limits.cpusetMems) attributes.set('cpusetmems', limits.cpusetMems);
}

function addNetwork(attributes: Map<string, string>, network: string | undefined): void {
  switch (network) {
    case undefined:
    case '':
    case 'default':
      return;
    case 'host':
    case 'none':
      attributes.set('force-network-mode', network);
      return;
    default:
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `network mode ${JSON.stringify(network)} not supported by buildkit - you can define a custom network for your builder using the network driver-opt in buildx create`,
      );
  }
}

function extraHosts(hosts: readonly string[], features: NodeFeatures): string {
  return hosts.flatMap((host) => hostEntries(host, features)).join(',');
}

function hostEntries(entry: string, { hostGateway, isEngine, driver = 'remote' }: NodeFeatures): string[] {
  const separator = entry.includes('=') ? '=' : ':';
  const at = entry.indexOf(separator);
  const [name, address] = [entry.slice(0, at), entry.slice(at + 1)];
  const invalid = new TsbuildxError('INVALID_ARGUMENT', `invalid host ${entry}`);
  if (at < 1 || address === '') throw invalid;
  if (address === 'host-gateway') {
    if (hostGateway === undefined) {
      const why = isEngine ? 'host-gateway IP not found' : `host-gateway is not supported by the ${driver} driver`;
      throw new TsbuildxError('UNSUPPORTED', `unable to derive the IP value for host-gateway: ${why}`);
    }
    return [`${name}=${hostGateway}`];
  }
  return address.split(',').map((ip) => {
    const bare = ip.length > 2 && ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip;
    // Go's ParseIP knows no zones
    if (isIP(bare) === 0 || bare.includes('%')) throw invalid;
    return `${name}=${bare}`;
  });
}

/** Go's strconv.ParseBool, where anything else counts as false. */
export function isTrueLoose(value: string | undefined): boolean {
  return parseGoBool(value ?? '') === true;
}

/** Go's strconv.ParseBool of an environment variable; unset is false, anything else an error. */
export function isTrue(value: string | undefined, name: string): boolean {
  const parsed = value === undefined ? false : parseGoBool(value);
  if (parsed !== undefined) return parsed;
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    `invalid ${name}: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
  );
}
