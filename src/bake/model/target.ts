// Matches Target of buildx bake/bake.go. What is undefined is not given; an empty list is given, and empty.
import type { AttestSpec, CacheSpec, OutputEntry, PolicyConfig, SecretEntry, SshEntry } from '../../values/index.ts';

/** Limits of each RUN, as `resources` has them; amounts as text, numbers of 64 bits. */
export interface TargetResources {
  readonly memory?: string | undefined;
  readonly 'memory-swap'?: string | undefined;
  readonly 'cpu-shares'?: bigint | undefined;
  readonly 'cpu-period'?: bigint | undefined;
  readonly 'cpu-quota'?: bigint | undefined;
  readonly 'cpuset-cpus'?: string | undefined;
  readonly 'cpuset-mems'?: string | undefined;
}

/** Names and values; undefined: a null, which changes nothing. */
export type NamedValues = ReadonlyMap<string, string | undefined>;

/** One target, by the names of the file format. */
export interface Target {
  readonly name: string;
  readonly description: string;
  readonly inherits: readonly string[] | undefined;
  readonly annotations: readonly string[] | undefined;
  readonly attest: readonly AttestSpec[] | undefined;
  readonly context: string | undefined;
  readonly contexts: ReadonlyMap<string, string> | undefined;
  readonly dockerfile: string | undefined;
  readonly dockerfileInline: string | undefined;
  /** What of the context is left out, as lines of a `.dockerignore`, whose place they take. Beyond buildx. */
  readonly ignore: readonly string[] | undefined;
  /** A file with such lines, which come before those of `ignore`. Found as `dockerfile` is. Beyond buildx. */
  readonly ignoreFile: string | undefined;
  readonly args: NamedValues | undefined;
  readonly labels: NamedValues | undefined;
  readonly tags: readonly string[] | undefined;
  readonly cacheFrom: readonly CacheSpec[] | undefined;
  readonly cacheTo: readonly CacheSpec[] | undefined;
  readonly target: string | undefined;
  readonly secrets: readonly SecretEntry[] | undefined;
  readonly ssh: readonly SshEntry[] | undefined;
  readonly platforms: readonly string[] | undefined;
  readonly outputs: readonly OutputEntry[] | undefined;
  readonly pull: boolean | undefined;
  readonly noCache: boolean | undefined;
  readonly network: string | undefined;
  readonly noCacheFilter: readonly string[] | undefined;
  readonly shmSize: string | undefined;
  readonly ulimits: readonly string[] | undefined;
  readonly resources: TargetResources | undefined;
  readonly call: string | undefined;
  readonly entitlements: readonly string[] | undefined;
  readonly extraHosts: NamedValues | undefined;
  readonly policy: readonly PolicyConfig[] | undefined;
  /** Built for others only. */
  readonly linked: boolean;
  /** Where its paths are relative to, when they are not to the working directory. */
  readonly bases: ContextBases;
}

/** What relative contexts are relative to; all undefined: the working directory. */
export interface ContextBases {
  /** Of a context that is not given. */
  readonly default?: string | undefined;
  /** Of the context that is given. */
  readonly context?: string | undefined;
  /** The target of which the context is a copy, `target.NAME.context`. */
  readonly contextOf?: string | undefined;
  /** Of named contexts. */
  readonly contexts?: ReadonlyMap<string, string> | undefined;
  /** Whether the default counts: the target has no context, and paths are relative to files. */
  readonly usesDefault?: boolean | undefined;
}

export interface Group {
  readonly name: string;
  readonly description: string;
  /** Undefined: there is nothing that could be built. */
  readonly targets: readonly string[] | undefined;
}

/** Everything that files define. */
export interface Definition {
  readonly groups: readonly Group[];
  readonly targets: readonly Target[];
}

const nothing: Omit<Target, 'name'> = {
  description: '',
  inherits: undefined,
  annotations: undefined,
  attest: undefined,
  context: undefined,
  contexts: undefined,
  dockerfile: undefined,
  dockerfileInline: undefined,
  ignore: undefined,
  ignoreFile: undefined,
  args: undefined,
  labels: undefined,
  tags: undefined,
  cacheFrom: undefined,
  cacheTo: undefined,
  target: undefined,
  secrets: undefined,
  ssh: undefined,
  platforms: undefined,
  outputs: undefined,
  pull: undefined,
  noCache: undefined,
  network: undefined,
  noCacheFilter: undefined,
  shmSize: undefined,
  ulimits: undefined,
  resources: undefined,
  call: undefined,
  entitlements: undefined,
  extraHosts: undefined,
  policy: undefined,
  linked: false,
  bases: {},
};

/** A target with these properties and no others. */
export function newTarget(name: string, properties: Partial<Omit<Target, 'name'>> = {}): Target {
  return { ...nothing, ...properties, name };
}
