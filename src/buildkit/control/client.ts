import type { Duplex } from 'node:stream';
import type { HistoryEvent, HistoryQuery, HistoryUpdate } from './history.ts';
import type { SolveStatus } from './status.ts';
import type { PruneRequest, UsageRecord } from './usage.ts';

/** The daemon's control API for builds. Every call rejects with RpcError, or CANCELED when the signal aborts. */
export interface ControlClient {
  /**
   * Runs a build until its exporters are done. Without `definition` and `frontend` the build is driven through the
   * LLBBridge client of the same ref, and ends with its `return`. Aborting cancels the build on the daemon.
   */
  solve(request: SolveRequest, options: { readonly signal: AbortSignal }): Promise<SolveResponse>;
  /** The progress of the build `ref`; ends when the build has ended and everything was told. Read it to its end. */
  status(ref: string, options: { readonly signal: AbortSignal }): AsyncIterable<SolveStatus>;
  listWorkers(options: {
    readonly signal: AbortSignal;
    readonly filter?: readonly string[];
  }): Promise<readonly WorkerRecord[]>;
  info(options: { readonly signal: AbortSignal }): Promise<BuildkitVersion>;
  /** The records of the build cache that one of the filters takes. */
  diskUsage(filter: readonly string[], options: { readonly signal: AbortSignal }): Promise<readonly UsageRecord[]>;
  /** Removes records of the build cache, and tells each one. Leaving the loop stops it. */
  prune(request: PruneRequest, options: { readonly signal: AbortSignal }): AsyncIterable<UsageRecord>;
  /** How many builds are running; undefined when the daemon keeps no history. */
  activeBuilds(options: { readonly signal: AbortSignal }): Promise<number | undefined>;
  /**
   * Tells records of builds, those of the past first. Leaving the loop ends the call. Rejects with RpcError of status
   * unimplemented when the daemon keeps no history.
   */
  listenBuildHistory(query: HistoryQuery, options: { readonly signal: AbortSignal }): AsyncIterable<HistoryEvent>;
  updateBuildHistory(update: HistoryUpdate, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Opens the byte stream on which the daemon talks to the client's session host. */
export type SessionDialer = (session: SessionHeaders, options: { readonly signal: AbortSignal }) => Promise<Duplex>;

/** How a session presents itself to the daemon. */
export interface SessionHeaders {
  readonly id: string;
  readonly name: string;
  readonly sharedKey: string;
  /** Paths of the gRPC methods that are served, `/moby.filesync.v1.FileSync/DiffCopy`. */
  readonly methods: readonly string[];
}

export interface SolveRequest {
  /** Names the build; chosen by the client. */
  readonly ref: string;
  /** Id of the session that serves the build. */
  readonly session: string;
  /** A graph to build: an encoded `pb.Definition`. */
  readonly definition?: Uint8Array | undefined;
  /** A frontend of the daemon, `dockerfile.v0` or `gateway.v0`. */
  readonly frontend?: string | undefined;
  readonly frontendAttrs?: Readonly<Record<string, string>> | undefined;
  /** Encoded `pb.Definition`s by input name. */
  readonly frontendInputs?: ReadonlyMap<string, Uint8Array> | undefined;
  readonly exporters: readonly ExporterEntry[];
  readonly cacheExports?: readonly CacheEntry[] | undefined;
  readonly cacheImports?: readonly CacheEntry[] | undefined;
  readonly entitlements?: readonly string[] | undefined;
  /** Keeps the build out of the daemon's history. */
  readonly internal?: boolean | undefined;
  readonly enableSessionExporter?: boolean | undefined;
  /** Encoded `sourcepolicy.Policy`. */
  readonly sourcePolicy?: Uint8Array | undefined;
  readonly sourcePolicySession?: string | undefined;
}

export interface ExporterEntry {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export interface CacheEntry {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export interface SolveResponse {
  readonly exporterResponse: Readonly<Record<string, string>>;
}

/** One executor of the daemon. */
export interface WorkerRecord {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The preferred one first. */
  readonly platforms: readonly WorkerPlatform[];
  readonly gcPolicy: readonly GcPolicy[];
  readonly version?: BuildkitVersion | undefined;
  readonly devices: readonly CdiDevice[];
}

export interface WorkerPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
  readonly osVersion?: string | undefined;
  readonly osFeatures?: readonly string[] | undefined;
}

/** Garbage collection of the build cache; sizes in bytes, duration in nanoseconds. */
export interface GcPolicy {
  readonly all: boolean;
  readonly keepDuration: bigint;
  readonly filters: readonly string[];
  readonly reservedSpace: bigint;
  readonly maxUsedSpace: bigint;
  readonly minFreeSpace: bigint;
}

export interface BuildkitVersion {
  readonly package: string;
  readonly version: string;
  readonly revision: string;
  readonly dockerfileVersion: string;
}

export interface CdiDevice {
  readonly name: string;
  readonly autoAllow: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  readonly onDemand: boolean;
}
