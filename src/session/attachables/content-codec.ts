// Messages of containerd's content service.
import { containerd, fromLong, toLong, toTimestamp } from '../../proto/index.ts';
import type { BlobInfo, Ingest } from '../../registry/layout/index.ts';

const { content } = containerd.services;
const { v1 } = content;

export const CONTENT_SERVICE = '/containerd.services.content.v1.Content';

export type WriteAction = 'stat' | 'write' | 'commit';

export interface WriteRequest {
  readonly action: WriteAction;
  readonly ref: string;
  /** 0: not known. */
  readonly total: number;
  /** Empty: not known. */
  readonly expected: string;
  readonly offset: number;
  /** A view on the message. */
  readonly data: Uint8Array;
}

export interface WriteResponse {
  readonly action: WriteAction;
  readonly offset: number;
  readonly digest: string;
  readonly stat?: { readonly startedAt: bigint; readonly updatedAt: bigint; readonly total: number } | undefined;
}

const actions: readonly WriteAction[] = ['stat', 'write', 'commit'];
const wireNames = { stat: 'STAT', write: 'WRITE', commit: 'COMMIT' } as const;
const NONE = new Uint8Array();

/** The digest that a request about one blob names. */
export function decodeDigestRequest(bytes: Uint8Array): string {
  return v1.InfoRequest.decode(bytes).digest ?? '';
}

/** The reference that a request about one ingest names. */
export function decodeRefRequest(bytes: Uint8Array): string {
  return v1.StatusRequest.decode(bytes).ref ?? '';
}

export interface ReadRequest {
  readonly digest: string;
  readonly offset: number;
  /** 0: to the end. */
  readonly size: number;
}

export function decodeReadRequest(bytes: Uint8Array): ReadRequest {
  const { digest, offset, size } = v1.ReadContentRequest.decode(bytes);
  return { digest: digest ?? '', offset: Number(fromLong(offset)), size: Number(fromLong(size)) };
}

export function decodeWriteRequest(bytes: Uint8Array): WriteRequest | undefined {
  const request = v1.WriteContentRequest.decode(bytes);
  const action = actions[request.action ?? 0];
  if (action === undefined) return undefined;
  return {
    action,
    ref: request.ref ?? '',
    total: Number(fromLong(request.total)),
    expected: request.expected ?? '',
    offset: Number(fromLong(request.offset)),
    data: request.data ?? NONE,
  };
}

export function encodeInfoResponse(info: BlobInfo): Uint8Array {
  return v1.InfoResponse.encode({ info: infoFields(info) }).finish();
}

export function encodeListResponse(infos: readonly BlobInfo[]): Uint8Array {
  return v1.ListContentResponse.encode({ info: infos.map(infoFields) }).finish();
}

export function encodeStatusResponse(ingest: Ingest): Uint8Array {
  return v1.StatusResponse.encode({ status: statusFields(ingest) }).finish();
}

export function encodeListStatusesResponse(ingests: readonly Ingest[]): Uint8Array {
  return v1.ListStatusesResponse.encode({ statuses: ingests.map(statusFields) }).finish();
}

export function encodeWriteResponse({ action, offset, digest, stat }: WriteResponse): Uint8Array {
  return v1.WriteContentResponse.encode({
    action: v1.WriteAction[wireNames[action]],
    offset: toLong(offset),
    digest,
    ...(stat === undefined
      ? {}
      : {
          started_at: toTimestamp(stat.startedAt),
          updated_at: toTimestamp(stat.updatedAt),
          total: toLong(stat.total),
        }),
  }).finish();
}

function infoFields({ digest, size, createdAt, updatedAt }: BlobInfo): containerd.services.content.v1.Info.$Properties {
  return { digest, size: toLong(size), created_at: toTimestamp(createdAt), updated_at: toTimestamp(updatedAt) };
}

function statusFields(ingest: Ingest): containerd.services.content.v1.Status.$Properties {
  return {
    ref: ingest.ref,
    offset: toLong(ingest.offset),
    total: toLong(ingest.total),
    started_at: toTimestamp(ingest.startedAt),
    updated_at: toTimestamp(ingest.updatedAt),
  };
}
