import type { SourceMap, SourceRange } from './source-map.ts';

/** What is said about an op without being part of its digest. */
export interface OpMetadata {
  readonly ignoreCache: boolean;
  readonly description: ReadonlyMap<string, string>;
  /** Undefined: as the build's cache export says. */
  readonly exportCache?: boolean | undefined;
  /** Capabilities that the daemon must have. */
  readonly caps: ReadonlySet<string>;
  readonly progressGroup?: ProgressGroup | undefined;
  readonly linuxResources?: LinuxResources | undefined;
}

/** Ops shown as one step. */
export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  readonly weak: boolean;
}

/** Limits of a RUN; zero and empty are unset. */
export interface LinuxResources {
  readonly memory: bigint;
  readonly memorySwap: bigint;
  readonly cpuShares: bigint;
  readonly cpuPeriod: bigint;
  readonly cpuQuota: bigint;
  readonly cpusetCpus: string;
  readonly cpusetMems: string;
}

/** A build graph as bytes: what is sent to the daemon. Empty `ops` mean scratch. */
export interface Definition {
  /** Encoded ops, inputs before users; the last is the head, which only names the result. */
  readonly ops: readonly Uint8Array[];
  /** Digests of `ops`, in the same order. */
  readonly digests: readonly string[];
  readonly metadata: ReadonlyMap<string, OpMetadata>;
  readonly source?: DefinitionSource | undefined;
}

/** Which lines of which files the ops come from. */
export interface DefinitionSource {
  readonly infos: readonly Omit<SourceMap, 'state'>[];
  readonly locations: ReadonlyMap<
    string,
    readonly { readonly sourceIndex: number; readonly ranges: readonly SourceRange[] }[]
  >;
}
