/** Nanoseconds since the epoch. */
export type UnixNano = bigint;

/** One step of a build. Later events of the same digest replace earlier ones. */
export interface Vertex {
  readonly digest: string;
  /** Digests of the steps it needs; they may not have been told yet. */
  readonly inputs: readonly string[];
  readonly name: string;
  readonly started?: UnixNano | undefined;
  readonly completed?: UnixNano | undefined;
  readonly cached: boolean;
  /** Why the step failed. */
  readonly error?: string | undefined;
  readonly progressGroup?: ProgressGroup | undefined;
}

/** Steps that are shown as one. */
export interface ProgressGroup {
  readonly id: string;
  readonly name: string;
  readonly weak: boolean;
}

/** Progress within a step: a transfer, a pull, an unpacking. */
export interface VertexStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  /** 0 when it is not known. */
  readonly total: bigint;
  readonly current: bigint;
  readonly timestamp: UnixNano;
  readonly started?: UnixNano | undefined;
  readonly completed?: UnixNano | undefined;
}

/** Output of a step; may still come after the step completed. */
export interface VertexLog {
  readonly vertex: string;
  /** 1 stdout, 2 stderr. */
  readonly stream: number;
  readonly data: Uint8Array;
  readonly timestamp: UnixNano;
}

/** A warning, most often of the Dockerfile's linter. */
export interface VertexWarning {
  readonly vertex: string;
  readonly level: number;
  readonly short: Uint8Array;
  readonly detail: readonly Uint8Array[];
  readonly url?: string | undefined;
  readonly sourceInfo?: SourceInfo | undefined;
  readonly range: readonly SourceRange[];
}

/** A file that steps, errors and warnings refer to. */
export interface SourceInfo {
  readonly filename: string;
  readonly data: Uint8Array;
  /** How the daemon gets the file: an encoded `pb.Definition`. */
  readonly definition?: Uint8Array | undefined;
  readonly language: string;
}

/** Lines count from 1, characters from 0. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

export interface SourcePosition {
  readonly line: number;
  readonly character: number;
}

/** One packet of a build's progress: what changed since the last one. */
export interface SolveStatus {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly VertexWarning[];
}
