import type { CapSet, Definition, SourceMap, SourceRange } from '../../llb/index.ts';
import type { Platform } from '../../oci/index.ts';

/**
 * What the frontend asks of the daemon. `build/` adapts the LLBBridge client to it, `llb` without a daemon and tests give
 * a stub. Every call rejects when the signal aborts.
 */
export interface Gateway {
  readonly buildOpts: BuildOpts;
  /** Finds the digest and the config of an image, or the commit or date of another source. */
  resolveSourceMeta(request: SourceMetaRequest, options: { readonly signal: AbortSignal }): Promise<SourceMeta>;
  /** Solves a definition, or hands the build to a frontend of the daemon. */
  solve(request: GatewaySolveRequest, options: { readonly signal: AbortSignal }): Promise<GatewayResult>;
  /** Whether an error of a call brings the lines that it is about: another frontend's error then needs none of ours. */
  readonly hasLines?: ((error: unknown) => boolean) | undefined;
  /** Reads a file of a solved ref; rejects when it is not there. */
  readFile(ref: GatewayRef, request: ReadFileRequest, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
  /** Named definitions given with the build (bake's linked targets); empty when the daemon has no such call. */
  inputs(options: { readonly signal: AbortSignal }): Promise<ReadonlyMap<string, Definition>>;
  /** Shows a warning in the build's progress. Errors of it are not errors of the build. */
  warn(warning: GatewayWarning, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** What the daemon and the caller say before the build starts. */
export interface BuildOpts {
  /** Frontend attributes as they are sent on `Control.Solve`: `target`, `build-arg:X`, `context:name`, … */
  readonly opts: Readonly<Record<string, string>>;
  readonly sessionId: string;
  /** Platforms of each worker, the preferred one first. Empty: the host's own. */
  readonly workers: readonly { readonly platforms: readonly Platform[] }[];
  /** Capabilities of LLB. */
  readonly llbCaps: CapSet;
  /** Capabilities of the gateway's own calls. */
  readonly caps: CapSet;
}

/** Whose identity: the source op of LLB (`docker-image://…`, `git://…`, …). */
export interface SourceMetaRequest {
  readonly source: SourceIdentity;
  /** Title of the step in the progress. */
  readonly logName: string;
  readonly platform?: Platform | undefined;
  /** `default`, `pull` or `local`; for images. */
  readonly resolveMode?: string | undefined;
  /** Ask for the raw commit and tag objects; for git. */
  readonly gitObject?: boolean | undefined;
  /** Set for images and OCI layouts: what kind the answer must have. */
  readonly kind: 'image' | 'oci-layout' | 'other';
}

export interface SourceIdentity {
  readonly identifier: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export interface SourceMeta {
  /** May differ from the one asked for: a source policy of the daemon can replace it. */
  readonly source: SourceIdentity;
  readonly image?: { readonly digest: string; readonly config: Uint8Array } | undefined;
  readonly git?: { readonly commitObject?: Uint8Array | undefined } | undefined;
  readonly http?: { readonly lastModified?: Date | undefined } | undefined;
}

export interface CacheImport {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

export type GatewaySolveRequest =
  | {
      readonly definition: Definition;
      /** Do it now instead of when the ref is first needed. */
      readonly evaluate?: boolean | undefined;
      readonly cacheImports?: readonly CacheImport[] | undefined;
    }
  | {
      /** `gateway.v0`. */
      readonly frontend: string;
      readonly frontendOpts: Readonly<Record<string, string>>;
      readonly frontendInputs: ReadonlyMap<string, Definition>;
    };

/** A solved result as the daemon names it. */
export interface GatewayRef {
  readonly id: string;
  /** What it was made of: an encoded `pb.Definition`, where the daemon tells. */
  readonly definition?: Uint8Array | undefined;
}

/** `ref` is absent when the result is empty (scratch). */
export interface GatewayResult {
  readonly ref?: GatewayRef | undefined;
  /** Results of several platforms by platform id; only from other frontends. */
  readonly refs?: ReadonlyMap<string, GatewayRef | undefined> | undefined;
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** By platform id; only from other frontends. */
  readonly attestations?: ReadonlyMap<string, readonly FrontendAttestation[]> | undefined;
}

export interface ReadFileRequest {
  /** Relative to the root of the ref. */
  readonly path: string;
  readonly range?: { readonly offset: number; readonly length: number } | undefined;
}

export interface GatewayWarning {
  /** Digest of the vertex it belongs to, or empty. */
  readonly digest: string;
  readonly level: number;
  readonly short: string;
  readonly detail: readonly string[];
  readonly url: string;
  readonly source?: SourceMap | undefined;
  readonly ranges: readonly SourceRange[];
}

/** Reads single files of the local contexts on this machine: the Dockerfile and .dockerignore. */
export interface LocalFiles {
  /** `localName` is the name of a filesync directory (`context`, `dockerfile`, …); undefined when there is no such file. */
  read(localName: string, path: string, options: LocalReadOptions): Promise<Uint8Array | undefined>;
  /** Whether this side has the directory at all; when not, the file is read through the daemon. */
  has(localName: string): boolean;
}

export interface LocalReadOptions {
  readonly signal: AbortSignal;
  /** The op by which a daemon would read it: what is told of the file, such as warnings, names that. */
  readonly digest?: (() => string | undefined) | undefined;
}

/** An in-toto attestation in a file, or with `bundle` those in a directory. */
export interface FrontendAttestation {
  readonly kind: 'in-toto' | 'bundle';
  readonly metadata: ReadonlyMap<string, Uint8Array>;
  /** Where it is; absent when that is empty. */
  readonly ref?: GatewayRef | undefined;
  readonly path: string;
  readonly predicateType: string;
  /** What it is about; none: the result. */
  readonly subjects: readonly {
    readonly kind: 'self' | 'raw';
    readonly digests: readonly string[];
    readonly name: string;
  }[];
}

/** What the build gives back to the daemon (`LLBBridge.Return`). */
export interface FrontendResult {
  /** The result of a single-platform build; absent when it is scratch or when `refs` is set. */
  readonly ref?: GatewayRef | undefined;
  /** By platform id, in order of the request; a value is undefined when that result is scratch. */
  readonly refs?: ReadonlyMap<string, GatewayRef | undefined> | undefined;
  /** By platform id. */
  readonly attestations?: ReadonlyMap<string, readonly FrontendAttestation[]> | undefined;
  /** `containerimage.config`, `refs.platforms`, … with `/platform-id` where there are several. */
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}
