import type { ContentDescriptor } from '../../registry/images/index.ts';
import type { ExporterEntry } from './client.ts';
import type { UnixNano } from './status.ts';

/** Which records of the history are told. */
export interface HistoryQuery {
  /** Only the build of this ref. */
  readonly ref?: string | undefined;
  /** End when everything known now was told; else builds that come are told until the call is aborted. */
  readonly earlyExit?: boolean | undefined;
}

export interface HistoryEvent {
  /** `started` of a build that is running still; `complete` of one that has ended. */
  readonly type: 'started' | 'complete' | 'deleted';
  readonly record: HistoryRecord;
  /** What the daemon's clock showed when it was asked; undefined of daemons that do not tell. */
  readonly daemonTime: UnixNano | undefined;
}

/** What a daemon keeps of one build. */
export interface HistoryRecord {
  readonly ref: string;
  readonly frontend: string;
  readonly frontendAttrs: Readonly<Record<string, string>>;
  readonly exporters: readonly ExporterEntry[];
  /** Why the build failed. */
  readonly error: RecordedError | undefined;
  readonly createdAt: UnixNano | undefined;
  /** Undefined while the build is running. */
  readonly completedAt: UnixNano | undefined;
  readonly logs: ContentDescriptor | undefined;
  readonly exporterResponse: Readonly<Record<string, string>>;
  /** Of a build without platforms of its own. */
  readonly result: ResultInfo | undefined;
  /** By platform id, `linux/amd64`. */
  readonly results: Readonly<Record<string, ResultInfo>>;
  readonly generation: number;
  readonly trace: ContentDescriptor | undefined;
  /** Never collected. */
  readonly pinned: boolean;
  readonly numCachedSteps: number;
  readonly numTotalSteps: number;
  readonly numCompletedSteps: number;
  /** An encoded `google.rpc.Status` with all details. */
  readonly externalError: ContentDescriptor | undefined;
  readonly numWarnings: number;
}

/** A `google.rpc.Status`. */
export interface RecordedError {
  /** A code of gRPC. */
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly typeUrl: string; readonly value: Uint8Array }[];
}

/** What one platform of a build, or the only one, came to. */
export interface ResultInfo {
  readonly resultDeprecated: ContentDescriptor | undefined;
  readonly attestations: readonly ContentDescriptor[];
  /** By number of the exporter, in its order. */
  readonly results: ReadonlyMap<bigint, ContentDescriptor>;
}

/** A change of one record; `delete` and `finalize` leave `pinned` alone. */
export interface HistoryUpdate {
  readonly ref: string;
  readonly pinned?: boolean | undefined;
  readonly delete?: boolean | undefined;
  /** Write the trace of a build that has ended, which takes a moment otherwise. */
  readonly finalize?: boolean | undefined;
}
