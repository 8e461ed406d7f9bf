// Matches frontend/dockerui/{config,attr}.go: the attributes of a build and what they mean.
import { csvFields } from '../../base/csv-fields.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import { canonicalIp } from '../../base/ip-address.ts';
import type { ExtraHost, NetworkMode, ResolveMode } from '../../llb/index.ts';
import { normalizePlatform, parsePlatform, type Platform } from '../../oci/index.ts';
import type { ConvertOptions } from '../convert/index.ts';
import { type CheckConfig, parseCheckOptions } from '../lint/index.ts';
import { parseSbom, type SbomOptions } from './attestations.ts';
import type { BuildOpts, CacheImport } from './gateway.ts';
import { parseLinuxResources, parseSize, parseUlimits } from './limits.ts';

/** The frontend attributes of a build, read and checked. */
export interface FrontendOptions {
  /** Everything that the conversion is told, but platform and source. */
  readonly convert: Omit<ConvertOptions, 'targetPlatform' | 'allStages' | 'caps' | 'sourceMap' | 'isLabs'>;
  /** Empty: not asked for. */
  readonly targetPlatforms: readonly Platform[];
  /** The result names its platforms even when it has only one. */
  readonly isMultiPlatform: boolean;
  /** `all`, or the names of stages that use no cache. */
  readonly noCache: 'all' | readonly string[];
  readonly cacheImports: readonly CacheImport[];
  /** Undefined: none is asked for. */
  readonly sbom: SbomOptions | undefined;
  /** The attributes as they were given. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Platform of a daemon that does not say which it prefers. */
const fallbackPlatform: Platform = { os: 'linux', architecture: 'amd64' };

/** `host` is by default the first platform of the builder. Throws code INVALID_ARGUMENT with the reference's text. */
export function parseAttributes(
  { opts, workers, llbCaps }: Pick<BuildOpts, 'opts' | 'workers' | 'llbCaps'>,
  host?: Platform,
): FrontendOptions {
  const get = (key: string): string => (Object.hasOwn(opts, key) ? (opts[key] ?? '') : '');
  if (!llbCaps.supports('file.base'))
    throw invalid(`needs BuildKit 0.5 or later: ${llbCaps.reasonAgainst('file.base', 'prerelease')}`);
  rejectRemoved(get);
  const buildPlatform = workers[0]?.platforms[0] ?? fallbackPlatform;
  const hostPlatform = host ?? buildPlatform;
  // Of several that are wrong the first in this order is told.
  const targetPlatforms = parsePlatforms(get('platform'), hostPlatform);
  const values = {
    resolveMode: parseResolveMode(get('image-resolve-mode')),
    extraHosts: prefixed('failed to parse additional hosts', () => parseExtraHosts(get('add-hosts'))),
    shmSize: prefixed('failed to parse shm size', () => parseSize(get('shm-size'))),
    ulimits: prefixed('failed to parse ulimit', () => parseUlimits(get('ulimit'))),
    linuxResources: prefixed('failed to parse resource limits', () => parseLinuxResources(get)),
    networkMode: parseNetworkMode(get('force-network-mode')),
  };
  const isMultiPlatform = multiPlatform(
    get('build-arg:BUILDKIT_MULTI_PLATFORM') || get('multi-platform'),
    targetPlatforms,
  );
  const cacheImports = [...parseCacheImports(get('cache-imports')), ...parseCacheFrom(get('cache-from'))];
  const sbom = parseSbom(opts);
  return {
    convert: {
      ...values,
      target: get('target'),
      buildArgs: withPrefix(opts, 'build-arg:'),
      labels: withPrefix(opts, 'label:'),
      hostPlatform,
      buildPlatforms: [buildPlatform],
      isMultiPlatform,
      hostname: get('build-arg:BUILDKIT_SANDBOX_HOSTNAME') || get('hostname'),
      devices: [],
      cgroupParent: get('cgroup-parent'),
      cacheIdNamespace: get('build-arg:BUILDKIT_CACHE_MOUNT_NS'),
      checkConfig: parseCheck(opts),
    },
    targetPlatforms,
    isMultiPlatform,
    noCache: parseNoCache(opts),
    cacheImports,
    sbom,
    attributes: opts,
  };
}

function rejectRemoved(get: (key: string) => string): void {
  if (get('override-copy-image') !== '')
    throw invalid('support for "override-copy-image" was removed in BuildKit 0.11');
  if (parseGoBool(get('build-arg:BUILDKIT_DISABLE_FILEOP')) === true) {
    throw invalid('support for "BUILDKIT_DISABLE_FILEOP" build-arg was removed in BuildKit 0.11');
  }
}

function parsePlatforms(text: string, host: Platform): Platform[] {
  if (text === '') return [];
  return text
    .split(',')
    .map((part) =>
      prefixed(`failed to parse target platform ${part}`, () => normalizePlatform(parsePlatform(part, host))),
    );
}

function multiPlatform(text: string, platforms: readonly Platform[]): boolean {
  const isSeveral = platforms.length > 1;
  if (text === '') return isSeveral;
  const asked = parseGoBool(text);
  if (asked === undefined) throw invalid(`invalid boolean value for multi-platform: ${text}`);
  if (!asked && isSeveral) throw invalid('conflicting config: returning multiple target platforms is not allowed');
  return asked;
}

function parseResolveMode(text: string): ResolveMode {
  if (text === '' || text === 'default') return 'default';
  if (text === 'pull' || text === 'local') return text;
  throw invalid(`invalid image-resolve-mode: ${text}`);
}

function parseNetworkMode(text: string): NetworkMode {
  if (text === '' || text === 'sandbox') return 'sandbox';
  if (text === 'none' || text === 'host') return text;
  throw invalid(`invalid netmode ${text}`);
}

function parseExtraHosts(text: string): ExtraHost[] {
  if (text === '') return [];
  return csvFields(text).map((field) => {
    const lower = field.toLowerCase();
    const eq = lower.indexOf('=');
    if (eq < 0) throw invalid(`invalid key-value pair ${field}`);
    const address = lower.slice(eq + 1);
    const ip = canonicalIp(address);
    if (ip === undefined) throw invalid(`failed to parse IP ${address}`);
    return { host: lower.slice(0, eq), ip };
  });
}

/** `no-cache` without a value: no stage uses the cache. */
function parseNoCache(opts: BuildOpts['opts']): 'all' | readonly string[] {
  if (!Object.hasOwn(opts, 'no-cache')) return [];
  const names = opts['no-cache'] ?? '';
  return names === '' ? 'all' : names.split(',');
}

function parseCheck(opts: BuildOpts['opts']): CheckConfig | undefined {
  const key = 'build-arg:BUILDKIT_DOCKERFILE_CHECK';
  if (!Object.hasOwn(opts, key)) return undefined;
  return prefixed(`failed to parse ${key}`, () => parseCheckOptions(opts[key] ?? ''));
}

function parseCacheImports(text: string): CacheImport[] {
  if (text === '') return [];
  return prefixed(`failed to unmarshal cache-imports (${goQuote(text)})`, () => {
    const list: unknown = JSON.parse(text);
    if (list === null) return [];
    if (!Array.isArray(list)) throw invalid('not a list');
    return list.map(cacheImport);
  });
}

function cacheImport(entry: unknown): CacheImport {
  const fields = Object.entries(typeof entry === 'object' && entry !== null ? entry : {});
  // Go takes names of fields in any case.
  const field = (name: string): unknown => fields.findLast(([key]) => key.toLowerCase() === name)?.[1];
  const type = field('type') ?? '';
  const attrs = field('attrs') ?? {};
  if (typeof type !== 'string' || typeof attrs !== 'object') throw invalid('not a cache import');
  return { type, attrs: Object.fromEntries(Object.entries(attrs).map(([key, value]) => [key, String(value)])) };
}

function parseCacheFrom(text: string): CacheImport[] {
  return text === '' ? [] : text.split(',').map((ref) => ({ type: 'registry', attrs: { ref } }));
}

/** The attributes that start with the prefix, without it. */
function withPrefix(opts: BuildOpts['opts'], prefix: string): Record<string, string> {
  const entries = Object.entries(opts).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
}

function prefixed<T>(what: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `${what}: ${messageOf(cause)}`, { cause });
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
