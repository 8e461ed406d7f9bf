/** A typed detail of a failed call, told apart by `kind`. */
export type ErrorDetail =
  /** The step that failed. */
  | { readonly kind: 'vertex'; readonly digest: string }
  /** The lines that the error is about. */
  | { readonly kind: 'source'; readonly source: ErrorSource }
  /** The op that failed, with the results it had. */
  | { readonly kind: 'solve'; readonly solve: SolveDetail }
  | { readonly kind: 'frontend'; readonly name: string; readonly source: string }
  /** The frontend lacks this capability. */
  | { readonly kind: 'frontend-cap'; readonly name: string }
  /** The frontend lacks this subrequest. */
  | { readonly kind: 'subrequest'; readonly name: string }
  /** Where in the daemon's code it happened. */
  | { readonly kind: 'stack'; readonly stack: StackTrace }
  | { readonly kind: 'unknown'; readonly typeUrl: string; readonly value: Uint8Array };

export interface ErrorSource {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly language: string;
  readonly ranges: readonly ErrorRange[];
}

/** Lines count from 1, characters from 0. */
export interface ErrorRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface SolveDetail {
  readonly inputIds: readonly string[];
  readonly mountIds: readonly string[];
  /** The op in the JSON form of protobuf, as the daemon sent it. */
  readonly op: unknown;
  readonly description: Readonly<Record<string, string>>;
}

export interface StackTrace {
  /** Of the process; 0 when it is not known. */
  readonly pid: number;
  readonly version: string;
  readonly revision: string;
  readonly cmdline: readonly string[];
  readonly frames: readonly { readonly name: string; readonly file: string; readonly line: number }[];
}
