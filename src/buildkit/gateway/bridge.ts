import type { RpcError } from '../rpc/index.ts';
import type { CacheEntry, SourceInfo, SourceRange, WorkerPlatform, WorkerRecord } from '../control/index.ts';

/**
 * What a frontend asks of the daemon while the build `ref` runs; every call may go out at the same time as
 * `Control.Solve` of that ref. All reject with RpcError.
 */
export interface Bridge {
  /** Capabilities and workers of the daemon. */
  ping(options: BridgeCallOptions): Promise<BridgeInfo>;
  resolveSourceMeta(request: SourceMetaRequest, options: BridgeCallOptions): Promise<SourceMeta>;
  /** Digest and config of an image, for daemons without `resolveSourceMeta`. */
  resolveImageConfig(request: ImageConfigRequest, options: BridgeCallOptions): Promise<ImageConfig>;
  solve(request: BridgeSolveRequest, options: BridgeCallOptions): Promise<BridgeResult>;
  readFile(request: ReadFileRequest, options: BridgeCallOptions): Promise<Uint8Array>;
  readDir(request: ReadDirRequest, options: BridgeCallOptions): Promise<readonly FileStat[]>;
  statFile(request: StatFileRequest, options: BridgeCallOptions): Promise<FileStat>;
  /** Runs the steps of a lazy ref now. */
  evaluate(ref: string, options: BridgeCallOptions): Promise<void>;
  /** Definitions given to `Control.Solve` as frontend inputs: encoded `pb.Definition`s by name. */
  inputs(options: BridgeCallOptions): Promise<ReadonlyMap<string, Uint8Array>>;
  warn(warning: BridgeWarning, options: BridgeCallOptions): Promise<void>;
  /** Ends the build with a result; `Control.Solve` goes on to the exporters. */
  return(result: BridgeResult, options: BridgeCallOptions): Promise<void>;
  /** Ends the build with an error, which `Control.Solve` rejects with. An RpcError is passed on with all its details. */
  returnError(error: BridgeFailure | RpcError, options: BridgeCallOptions): Promise<void>;
}

export interface BridgeCallOptions {
  readonly signal: AbortSignal;
}

export interface Capability {
  readonly id: string;
  readonly enabled: boolean;
  readonly deprecated: boolean;
  /** Why it is disabled, for programs and for people. */
  readonly disabledReason: string;
  readonly disabledReasonMessage: string;
  readonly disabledAlternative: string;
}

export interface BridgeInfo {
  /** Of the bridge's own calls. */
  readonly frontendCaps: readonly Capability[];
  readonly llbCaps: readonly Capability[];
  readonly workers: readonly WorkerRecord[];
}

/** The source op of LLB: `docker-image://…`, `git://…`, `https://…`. */
export interface SourceIdentity {
  readonly identifier: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export interface SourceMetaRequest {
  readonly source: SourceIdentity;
  readonly platform?: WorkerPlatform | undefined;
  /** Title of the step in the progress. */
  readonly logName: string;
  /** `default`, `pull` or `local`. */
  readonly resolveMode?: string | undefined;
  /** Ask for the raw commit and tag objects of a git source. */
  readonly gitObject?: boolean | undefined;
  readonly image?:
    | { readonly noConfig?: boolean | undefined; readonly attestationChain?: boolean | undefined }
    | undefined;
  /** Encoded `sourcepolicy.Policy` messages. */
  readonly sourcePolicies?: readonly Uint8Array[] | undefined;
}

export interface SourceMeta {
  /** A source policy of the daemon may have replaced the one asked for. */
  readonly source: SourceIdentity;
  readonly image?: { readonly digest: string; readonly config: Uint8Array } | undefined;
  readonly git?: GitMeta | undefined;
  readonly http?: HttpMeta | undefined;
}

export interface GitMeta {
  readonly checksum: string;
  readonly ref: string;
  readonly commitChecksum: string;
  readonly commitObject: Uint8Array;
  readonly tagObject: Uint8Array;
}

export interface HttpMeta {
  readonly checksum: string;
  readonly filename: string;
  /** Nanoseconds since the epoch. */
  readonly lastModified?: bigint | undefined;
}

export interface ImageConfigRequest {
  readonly ref: string;
  readonly platform?: WorkerPlatform | undefined;
  readonly resolveMode: string;
  readonly logName: string;
  /** The OCI layout that has the image; undefined: a registry. */
  readonly layout?: { readonly sessionId: string; readonly storeId: string } | undefined;
}

export interface ImageConfig {
  readonly ref: string;
  readonly digest: string;
  readonly config: Uint8Array;
}

export interface BridgeSolveRequest {
  /** An encoded `pb.Definition`; or a frontend of the daemon. */
  readonly definition?: Uint8Array | undefined;
  readonly frontend?: string | undefined;
  readonly frontendOpts?: Readonly<Record<string, string>> | undefined;
  /** Encoded `pb.Definition`s by name. */
  readonly frontendInputs?: ReadonlyMap<string, Uint8Array> | undefined;
  readonly cacheImports?: readonly CacheEntry[] | undefined;
  /** Run it now instead of when the ref is first needed. */
  readonly evaluate?: boolean | undefined;
  readonly sourcePolicies?: readonly Uint8Array[] | undefined;
}

/** A result that the daemon holds. */
export interface BridgeRef {
  readonly id: string;
  /** What it was made of: an encoded `pb.Definition`. */
  readonly definition?: Uint8Array | undefined;
}

/** One of `ref` and `refs` is set, or neither for an empty result; undefined in `refs` is an empty result, too. */
export interface BridgeResult {
  readonly ref?: BridgeRef | undefined;
  /** By platform id. */
  readonly refs?: ReadonlyMap<string, BridgeRef | undefined> | undefined;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** By platform id. */
  readonly attestations?: ReadonlyMap<string, readonly BridgeAttestation[]> | undefined;
}

export interface BridgeAttestation {
  readonly kind: 'in-toto' | 'bundle';
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  readonly ref?: BridgeRef | undefined;
  readonly path: string;
  readonly predicateType: string;
  readonly subjects: readonly {
    readonly kind: 'self' | 'raw';
    readonly digests: readonly string[];
    readonly name: string;
  }[];
}

export interface ReadFileRequest {
  readonly ref: string;
  readonly path: string;
  /** Bytes; a length of 0 reads to the end. */
  readonly range?: { readonly offset: number; readonly length: number } | undefined;
}

export interface ReadDirRequest {
  readonly ref: string;
  readonly path: string;
  readonly includePattern?: string | undefined;
}

export interface StatFileRequest {
  readonly ref: string;
  readonly path: string;
}

/** Mode has the bits of Go's os.FileMode; time in nanoseconds since the epoch. */
export interface FileStat {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: bigint;
  readonly modTime: bigint;
  readonly linkname: string;
}

export interface BridgeWarning {
  /** Digest of the step it belongs to, or empty. */
  readonly digest: string;
  readonly level: number;
  readonly short: Uint8Array;
  readonly detail: readonly Uint8Array[];
  readonly url: string;
  readonly source?: SourceInfo | undefined;
  readonly ranges: readonly SourceRange[];
}

/** An error of the frontend itself. */
export interface BridgeFailure {
  /** A status code of gRPC; 2 (unknown) for errors without one. */
  readonly status: number;
  readonly message: string;
  /** The lines it is about. */
  readonly sources: readonly { readonly info: SourceInfo; readonly ranges: readonly SourceRange[] }[];
}
