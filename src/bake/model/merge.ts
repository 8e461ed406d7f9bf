// Matches Target.Merge and Target.normalize of buildx bake/bake.go.
import type { AttestSpec, CacheSpec, OutputEntry, SecretEntry, SshEntry } from '../../values/index.ts';
import type { ContextBases, NamedValues, Target } from './target.ts';
import { lastOfEach, sameAttributes, uniqueTexts, withoutEqual } from './unique.ts';

export function uniqueAttests(list: readonly AttestSpec[] | undefined): readonly AttestSpec[] | undefined {
  return lastOfEach(list, ({ type }) => type);
}

export function uniqueCaches(list: readonly CacheSpec[] | undefined): readonly CacheSpec[] | undefined {
  return withoutEqual(list, (a, b) => a.type === b.type && sameAttributes(a.attrs, b.attrs));
}

export function uniqueOutputs(list: readonly OutputEntry[] | undefined): readonly OutputEntry[] | undefined {
  return withoutEqual(list, (a, b) => a.type === b.type && a.dest === b.dest && sameAttributes(a.attrs, b.attrs));
}

export function uniqueSecrets(list: readonly SecretEntry[] | undefined): readonly SecretEntry[] | undefined {
  return lastOfEach(list, ({ id }) => id);
}

export function uniqueSsh(list: readonly SshEntry[] | undefined): readonly SshEntry[] | undefined {
  return lastOfEach(list, ({ id }) => id);
}

/** What `over` says, and what only `base` says: lists are replaced or joined, each by its own rule. */
export function mergeTargets(base: Target, over: Target): Target {
  return {
    ...base,
    description: over.description || base.description,
    inherits: joined(base.inherits, over.inherits),
    annotations: joined(base.annotations, over.annotations),
    attest: over.attest === undefined ? base.attest : uniqueAttests(joined(base.attest, over.attest)),
    context: over.context ?? base.context,
    contexts: mergeMaps(base.contexts, over.contexts),
    dockerfile: over.dockerfile ?? base.dockerfile,
    dockerfileInline: over.dockerfileInline ?? base.dockerfileInline,
    // in order, with repetitions: the last pattern that matches decides
    ignore: joined(base.ignore, over.ignore),
    ignoreFile: over.ignoreFile ?? base.ignoreFile,
    args: mergeValues(base.args, over.args),
    labels: mergeValues(base.labels, over.labels),
    tags: over.tags ?? base.tags,
    cacheFrom: over.cacheFrom === undefined ? base.cacheFrom : uniqueCaches(joined(base.cacheFrom, over.cacheFrom)),
    cacheTo: over.cacheTo ?? base.cacheTo,
    target: over.target ?? base.target,
    secrets: over.secrets === undefined ? base.secrets : uniqueSecrets(joined(base.secrets, over.secrets)),
    ssh: over.ssh === undefined ? base.ssh : uniqueSsh(joined(base.ssh, over.ssh)),
    platforms: over.platforms ?? base.platforms,
    outputs: over.outputs ?? base.outputs,
    pull: over.pull ?? base.pull,
    noCache: over.noCache ?? base.noCache,
    network: over.network ?? base.network,
    noCacheFilter: joined(base.noCacheFilter, over.noCacheFilter),
    shmSize: over.shmSize ?? base.shmSize,
    ulimits: joined(base.ulimits, over.ulimits),
    resources: mergeResources(base, over),
    call: over.call ?? base.call,
    entitlements: joined(base.entitlements, over.entitlements),
    extraHosts: mergeValues(base.extraHosts, over.extraHosts),
    policy: joined(base.policy, over.policy),
    bases: mergeBases(base, over),
  };
}

function joined<T>(base: readonly T[] | undefined, over: readonly T[] | undefined): readonly T[] | undefined {
  return over === undefined ? base : [...(base ?? []), ...over];
}

function mergeMaps(
  base: ReadonlyMap<string, string> | undefined,
  over: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> | undefined {
  return over === undefined || over.size === 0 ? base : new Map([...(base ?? []), ...over]);
}

/** Values that are null change nothing. */
function mergeValues(base: NamedValues | undefined, over: NamedValues | undefined): NamedValues | undefined {
  const given = [...(over ?? [])].filter(([, value]) => value !== undefined);
  return given.length === 0 ? base : new Map([...(base ?? []), ...given]);
}

function mergeResources({ resources: base }: Target, { resources: over }: Target): Target['resources'] {
  if (over === undefined) return base;
  return { ...base, ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) };
}

function mergeBases({ bases: base, contexts }: Target, over: Target): ContextBases {
  const changed = over.bases;
  const names = [...new Set([...(contexts?.keys() ?? []), ...(over.contexts?.keys() ?? [])])];
  const ofContexts = names.flatMap((name): [string, string][] => {
    const from = over.contexts?.has(name) ? changed : base;
    const directory = from.contexts?.get(name);
    return directory === undefined ? [] : [[name, directory]];
  });
  const hasDefault = changed.default !== undefined;
  return {
    default: hasDefault ? changed.default : base.default,
    usesDefault: hasDefault ? changed.usesDefault : base.usesDefault,
    context: over.context === undefined ? base.context : changed.context,
    contextOf: over.context === undefined ? base.contextOf : changed.contextOf,
    contexts: new Map(ofContexts),
  };
}

/** Lists without repetitions, and what follows from the rest. */
export function normalizeTarget(target: Target): Target {
  const network = target.network === 'host' ? ['network.host'] : [];
  const entitlements = uniqueTexts([...(target.entitlements ?? []), ...network]) ?? [];
  const contexts = new Map([...(target.contexts ?? [])].filter(([, value]) => value !== ''));
  return {
    ...target,
    annotations: uniqueTexts(target.annotations),
    attest: uniqueAttests(target.attest),
    tags: uniqueTexts(target.tags),
    secrets: uniqueSecrets(target.secrets),
    ssh: uniqueSsh(target.ssh),
    platforms: uniqueTexts(target.platforms),
    cacheFrom: uniqueCaches(target.cacheFrom),
    cacheTo: uniqueCaches(target.cacheTo),
    outputs: uniqueOutputs(target.outputs),
    noCacheFilter: uniqueTexts(target.noCacheFilter),
    ulimits: uniqueTexts(target.ulimits),
    entitlements: entitlements.length > 0 ? entitlements : undefined,
    contexts: contexts.size > 0 ? contexts : undefined,
  };
}
