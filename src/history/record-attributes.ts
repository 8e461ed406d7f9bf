// Matches buildx commands/history/inspect.go runInspect: what the attributes of a build and this machine's memory say of it.
import { isAbsolute, join, posix, relative } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { csvFields } from '../base/csv-fields.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { compareUtf8 } from '../base/go-json.ts';
import { goQuote } from '../base/go-quote.ts';
import type { LocalState } from '../builder/index.ts';
import { formatPlatformFully, normalizePlatform, parsePlatform } from '../oci/index.ts';
import { buildName } from './build-name.ts';

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** What was asked of a build. Texts are empty where nothing was. */
export interface RecordAttributes {
  /** What people call it: context or Dockerfile, and target. */
  readonly name: string;
  /** Directory below the current one, path, or URL. */
  readonly context: string;
  /** Path below the context, else as it was given. */
  readonly dockerfile: string;
  readonly vcsRepository: string;
  readonly vcsRevision: string;
  readonly target: string;
  readonly platforms: readonly string[];
  readonly keepGitDir: boolean;
  readonly namedContexts: readonly NamedValue[];
  readonly buildArgs: readonly NamedValue[];
  readonly labels: readonly NamedValue[];
  readonly config: RecordConfig;
  /** Attributes that make no sense. */
  readonly errors: readonly string[];
}

/** Settings of the frontend. Sizes and counts are as they were sent. */
export interface RecordConfig {
  readonly network: string;
  readonly extraHosts: readonly string[];
  readonly hostname: string;
  readonly cgroupParent: string;
  readonly imageResolveMode: string;
  readonly multiPlatform: boolean;
  readonly noCache: boolean;
  /** Stages that were built without cache. */
  readonly noCacheFilter: readonly string[];
  readonly shmSize: string;
  readonly ulimit: string;
  readonly memory: string;
  readonly memorySwap: string;
  readonly cpuShares: string;
  readonly cpuPeriod: string;
  readonly cpuQuota: string;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
  readonly cacheMountNs: string;
  readonly dockerfileCheckConfig: string;
  readonly sourceDateEpoch: string;
  readonly sandboxHostname: string;
  /** All that has no place of its own. */
  readonly rest: readonly NamedValue[];
}

/** Attributes with one of these have a place of their own. */
const KNOWN_PREFIXES = ['vcs:', 'build-arg:', 'label:', 'context:', 'attest:'] as const;

/** @param cwd the current directory, absolute */
export function recordAttributes(
  all: Readonly<Record<string, string>>,
  state: LocalState | undefined,
  cwd: string,
): RecordAttributes {
  const { 'frontend.caps': _, filename, context: given, ...others } = all;
  const remembered = rememberedPaths(state, cwd);
  const context = remembered.context || (given ?? '');
  // A context that is told already is not told again.
  const attrs: Readonly<Record<string, string>> =
    remembered.context === '' || given === undefined ? others : { ...others, context: given };
  const dockerfile = remembered.dockerfile || joined(attrs['vcs:localdir:dockerfile'], filename);
  const name = buildName(attrs, state);
  const isRemote = attrs['context'] !== undefined;
  const reader = new AttributeReader(attrs);
  return {
    name,
    context,
    dockerfile,
    vcsRepository: isRemote ? '' : (attrs['vcs:source'] ?? ''),
    vcsRevision: isRemote ? '' : (attrs['vcs:revision'] ?? ''),
    target: reader.text('target'),
    platforms: reader.parsed('platform', parsePlatforms) ?? [],
    keepGitDir: reader.flag('build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR') ?? false,
    namedContexts: reader.withPrefix('context:'),
    buildArgs: reader.withPrefix('build-arg:'),
    labels: reader.withPrefix('label:'),
    config: readConfig(reader),
    errors: reader.errors,
  };
}

function readConfig(reader: AttributeReader): RecordConfig {
  const noCache = reader.taken('no-cache');
  const forced = reader.flag('build-arg:BUILDKIT_MULTI_PLATFORM');
  return {
    network: reader.text('force-network-mode'),
    hostname: reader.text('hostname'),
    cgroupParent: reader.text('cgroup-parent'),
    imageResolveMode: reader.text('image-resolve-mode'),
    multiPlatform: reader.flag('multi-platform') ?? forced ?? false,
    noCache: noCache === '',
    noCacheFilter: noCache ? noCache.split(',') : [],
    extraHosts: reader.parsed('add-hosts', (text) => csvFields(text)) ?? [],
    shmSize: reader.text('shm-size'),
    ulimit: reader.text('ulimit'),
    memory: reader.text('memory'),
    memorySwap: reader.text('memswap'),
    cpuShares: reader.text('cpushares'),
    cpuPeriod: reader.text('cpuperiod'),
    cpuQuota: reader.text('cpuquota'),
    cpusetCpus: reader.text('cpusetcpus'),
    cpusetMems: reader.text('cpusetmems'),
    cacheMountNs: reader.text('build-arg:BUILDKIT_CACHE_MOUNT_NS'),
    dockerfileCheckConfig: reader.text('build-arg:BUILDKIT_DOCKERFILE_CHECK'),
    sourceDateEpoch: reader.text('build-arg:SOURCE_DATE_EPOCH'),
    sandboxHostname: reader.text('build-arg:SANDBOX_HOSTNAME'),
    rest: reader.rest(),
  };
}

/** Takes attributes one by one, and notes what cannot be read. */
class AttributeReader {
  readonly errors: string[] = [];
  readonly #left: Map<string, string>;

  constructor(attrs: Readonly<Record<string, string>>) {
    this.#left = new Map(Object.entries(attrs));
  }

  taken(name: string): string | undefined {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }

  text(name: string): string {
    return this.taken(name) ?? '';
  }

  parsed<T>(name: string, parse: (text: string) => T): T | undefined {
    const text = this.taken(name);
    try {
      return text === undefined ? undefined : parse(text);
    } catch (error) {
      this.errors.push(`failed to parse ${text}: (${messageOf(error)})`);
      return undefined;
    }
  }

  /** False for what is no truth value. */
  flag(name: string): boolean | undefined {
    const isThere = this.#left.has(name);
    return this.parsed(name, parseFlag) ?? (isThere ? false : undefined);
  }

  withPrefix(prefix: string): readonly NamedValue[] {
    return this.#sorted((name) => name.startsWith(prefix)).map(({ name, value }) => ({
      name: name.slice(prefix.length),
      value,
    }));
  }

  rest(): readonly NamedValue[] {
    return this.#sorted((name) => !KNOWN_PREFIXES.some((prefix) => name.startsWith(prefix)));
  }

  #sorted(wanted: (name: string) => boolean): readonly NamedValue[] {
    return [...this.#left]
      .filter(([name]) => wanted(name))
      .map(([name, value]) => ({ name, value }))
      .toSorted((a, b) => compareUtf8(a.name, b.name));
  }
}

function parsePlatforms(text: string): readonly string[] {
  return text.split(',').map((platform) => formatPlatformFully(normalizePlatform(parsePlatform(platform))));
}

function parseFlag(text: string): boolean {
  const flag = parseGoBool(text);
  if (flag !== undefined) return flag;
  throw new TsbuildxError('INVALID_ARGUMENT', `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
}

function joined(dir: string | undefined, filename = ''): string {
  return dir === undefined || filename === '' ? filename : join(dir, filename);
}

/** The Dockerfile as seen from the context, the context as seen from here, where they are below. */
function rememberedPaths(
  state: LocalState | undefined,
  cwd: string,
): { readonly context: string; readonly dockerfile: string } {
  const { LocalPath: context = '', DockerfilePath: dockerfile = '' } = state ?? {};
  return {
    context: context === '' ? '' : below(cwd, context),
    dockerfile: dockerfile === '' || dockerfile === '-' ? dockerfile : below(context, dockerfile),
  };
}

function below(base: string, path: string): string {
  if (isAbsolute(base) !== isAbsolute(path)) return path;
  const seen = isAbsolute(base) ? relative(base, path) : posix.relative(join('/', base), join('/', path));
  return /^\.\.[/\\]/.test(seen) ? path : seen || '.';
}
