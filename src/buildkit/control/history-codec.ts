// Messages of the build history.
import { fromLong, fromTimestamp, type google, moby } from '../../proto/index.ts';
import type { ContentDescriptor } from '../../registry/images/index.ts';
import type { Method } from '../rpc/index.ts';
import type { HistoryEvent, HistoryQuery, HistoryRecord, HistoryUpdate, RecordedError, ResultInfo } from './history.ts';

const { v1 } = moby.buildkit;
const SERVICE = '/moby.buildkit.v1.Control';
const EVENT_TYPES = ['started', 'complete', 'deleted'] as const;

/** Each answer is an event of one record; undefined for what stands for none. */
export const LISTEN_BUILD_HISTORY: Method<HistoryQuery, Omit<HistoryEvent, 'daemonTime'> | undefined> = {
  path: `${SERVICE}/ListenBuildHistory`,
  encode: ({ ref = '', earlyExit = false }) =>
    v1.BuildHistoryRequest.encode({ Ref: ref, EarlyExit: earlyExit }).finish(),
  decode(bytes) {
    const { type: number, record } = v1.BuildHistoryEvent.decode(bytes);
    const type = EVENT_TYPES[number];
    return type === undefined || !record ? undefined : { type, record: decodeRecord(record) };
  },
};

export const UPDATE_BUILD_HISTORY: Method<HistoryUpdate, void> = {
  path: `${SERVICE}/UpdateBuildHistory`,
  encode: ({ ref, pinned = false, finalize = false, ...rest }) =>
    v1.UpdateBuildHistoryRequest.encode({
      Ref: ref,
      Pinned: pinned,
      Delete: rest.delete ?? false,
      Finalize: finalize,
    }).finish(),
  decode: () => undefined,
};

/** The builds that are running; each answer is the ref of one. */
export const ACTIVE_BUILDS: Method<undefined, string> = {
  path: `${SERVICE}/ListenBuildHistory`,
  encode: () => v1.BuildHistoryRequest.encode({ ActiveOnly: true, EarlyExit: true }).finish(),
  decode: (bytes) => v1.BuildHistoryEvent.decode(bytes).record?.Ref ?? '',
};

function decodeRecord(record: moby.buildkit.v1.BuildHistoryRecord.$Properties): HistoryRecord {
  const results = Object.entries(record.Results ?? {});
  return {
    ref: record.Ref ?? '',
    frontend: record.Frontend ?? '',
    frontendAttrs: { ...record.FrontendAttrs },
    exporters: (record.Exporters ?? []).map(({ Type, Attrs }) => ({ type: Type ?? '', attrs: { ...Attrs } })),
    error: record.error ? decodeError(record.error) : undefined,
    createdAt: fromTimestamp(record.CreatedAt),
    completedAt: fromTimestamp(record.CompletedAt),
    logs: decodeDescriptor(record.logs),
    exporterResponse: { ...record.ExporterResponse },
    result: record.Result ? decodeResult(record.Result) : undefined,
    results: Object.fromEntries(results.map(([platform, result]) => [platform, decodeResult(result)])),
    generation: record.Generation ?? 0,
    trace: decodeDescriptor(record.trace),
    pinned: record.pinned ?? false,
    numCachedSteps: record.numCachedSteps ?? 0,
    numTotalSteps: record.numTotalSteps ?? 0,
    numCompletedSteps: record.numCompletedSteps ?? 0,
    externalError: decodeDescriptor(record.externalError),
    numWarnings: record.numWarnings ?? 0,
  };
}

function decodeError({ code, message, details }: google.rpc.Status.$Properties): RecordedError {
  return {
    code: code ?? 0,
    message: message ?? '',
    details: (details ?? []).map(({ type_url, value }) => ({
      typeUrl: type_url ?? '',
      value: new Uint8Array(value ?? []),
    })),
  };
}

function decodeResult(result: moby.buildkit.v1.BuildResultInfo.$Properties): ResultInfo {
  const results = Object.entries(result.Results ?? {}).flatMap(([key, value]) => {
    const descriptor = decodeDescriptor(value);
    return descriptor === undefined ? [] : [[mapKey(key), descriptor] as const];
  });
  return {
    resultDeprecated: decodeDescriptor(result.ResultDeprecated),
    attestations: (result.Attestations ?? []).flatMap((attestation) => decodeDescriptor(attestation) ?? []),
    results: new Map(results.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** protobufjs gives keys of 64 bits as eight characters, one a byte, the lowest first. */
function mapKey(key: string): bigint {
  if (key.length !== 8) return BigInt(key);
  let value = 0n;
  for (let i = 7; i >= 0; i -= 1) value = (value << 8n) | BigInt(key.charCodeAt(i));
  return BigInt.asIntN(64, value);
}

/** Digest and size are checked when the content is read. */
function decodeDescriptor(
  descriptor: moby.buildkit.v1.Descriptor.$Properties | null | undefined,
): ContentDescriptor | undefined {
  if (!descriptor) return undefined;
  const { media_type, digest, size, annotations } = descriptor;
  return {
    mediaType: media_type ?? '',
    digest: digest ?? '',
    size: Number(fromLong(size)),
    annotations: { ...annotations },
  };
}
