// Matches buildx commands/history/inspect.go.
import { GRPC_STATUS } from '../buildkit/rpc/index.ts';
import type { UnixNano } from '../buildkit/control/index.ts';
import { platformName, recordAttachments } from './attachments.ts';
import { desktopUrl } from './desktop-url.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { type RecordMaterial, recordMaterials } from './materials.ts';
import { type FoundRecord, openHistory } from './open-history.ts';
import { type RecordAttributes, recordAttributes } from './record-attributes.ts';
import { type RecordError, recordError } from './record-error.ts';

export interface InspectRecordOptions extends HistoryOptions {
  /** An id, or `^N` for the Nth build before the latest. Default: the latest. */
  readonly ref?: string | undefined;
  /** Paths below it are shown as seen from there. Default: the process's own directory. */
  readonly cwd?: string | undefined;
}

export type RecordStatus = 'completed' | 'running' | 'failed' | 'canceled';

/** Content of the daemon that belongs to a build. */
export interface InspectedAttachment {
  readonly digest: string;
  /** `linux/amd64`; empty where there is but one. */
  readonly platform: string;
  /** Of an attestation the type of its predicate, else the media type. */
  readonly type: string;
}

/** All that is known of one build. */
export interface InspectedRecord extends RecordAttributes {
  readonly builder: string;
  readonly node: string;
  readonly ref: string;
  /** Where Docker Desktop shows it. */
  readonly url: string;
  readonly startedAt: UnixNano | undefined;
  /** Undefined while it is running. */
  readonly completedAt: UnixNano | undefined;
  /** Nanoseconds; so far, by the daemon's clock, while it is running. */
  readonly duration: bigint;
  readonly status: RecordStatus;
  readonly error: RecordError | undefined;
  readonly numCompletedSteps: number;
  readonly numTotalSteps: number;
  readonly numCachedSteps: number;
  readonly materials: readonly RecordMaterial[];
  readonly attachments: readonly InspectedAttachment[];
}

/** Tells all of one build. Errors: as `openHistory`; NOT_FOUND, RPC_FAILED, PROTOCOL (what the daemon keeps of it is broken). */
export async function inspectRecord(
  options: InspectRecordOptions = {},
  context: HistoryContext = {},
): Promise<InspectedRecord> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const found = await history.findOne(options.ref ?? '');
  const { node, record } = found;
  const attributes = recordAttributes(record.frontendAttrs, history.localState(found), options.cwd ?? process.cwd());
  const error = await recordError(found, signal);
  const attachments = await recordAttachments(found, signal);
  return {
    ...attributes,
    builder: node.builder,
    node: node.name,
    ref: record.ref,
    url: desktopUrl(`${node.builder}/${node.name}/${record.ref}`),
    startedAt: record.createdAt,
    completedAt: record.completedAt,
    duration: durationOf(found),
    status: statusOf(found),
    error,
    numCompletedSteps: record.numCompletedSteps,
    numTotalSteps: record.numTotalSteps,
    numCachedSteps: record.numCachedSteps,
    materials: await recordMaterials(node, attachments, signal),
    attachments: attachments.map((attachment) => ({
      digest: attachment.descriptor.digest,
      platform: platformName(attachment) ?? '',
      type: attachment.type,
    })),
  };
}

function durationOf({ record: { createdAt, completedAt }, daemonTime }: FoundRecord): bigint {
  const end = completedAt ?? daemonTime;
  return createdAt === undefined || end === undefined ? 0n : end - createdAt;
}

function statusOf({ record: { completedAt, error } }: FoundRecord): RecordStatus {
  if (error !== undefined) return error.code === GRPC_STATUS.canceled ? 'canceled' : 'failed';
  return completedAt === undefined ? 'running' : 'completed';
}
