// Messages of the build history and of the daemon's content store.
import { containerd, fromLong, moby, toLong } from '../../proto/index.ts';
import type { Method } from '../rpc/index.ts';
import type { BuildAttestation } from './client.ts';

const { v1 } = moby.buildkit;
const content = containerd.services.content.v1;

/** The attestations of the build named; each answer is an event of its record. */
export const BUILD_ATTESTATIONS: Method<string, readonly BuildAttestation[]> = {
  path: '/moby.buildkit.v1.Control/ListenBuildHistory',
  encode: (ref) => v1.BuildHistoryRequest.encode({ Ref: ref, EarlyExit: true }).finish(),
  decode: (bytes) => {
    const { record } = v1.BuildHistoryEvent.decode(bytes);
    const results = Object.entries(record?.Results ?? {});
    if (results.length === 0 && record?.Result) return attestationsOf(undefined, record.Result);
    return results.flatMap(([platform, result]) => attestationsOf(platform, result));
  },
};

/** The builds that are running; each answer is the ref of one. */
export const ACTIVE_BUILDS: Method<undefined, string> = {
  path: '/moby.buildkit.v1.Control/ListenBuildHistory',
  encode: () => v1.BuildHistoryRequest.encode({ ActiveOnly: true, EarlyExit: true }).finish(),
  decode: (bytes) => v1.BuildHistoryEvent.decode(bytes).record?.Ref ?? '',
};

export interface ContentRange {
  readonly digest: string;
  /** Bytes. */
  readonly size: bigint;
}

export const READ_CONTENT: Method<ContentRange, Uint8Array> = {
  path: '/containerd.services.content.v1.Content/Read',
  encode: ({ digest, size }) => content.ReadContentRequest.encode({ digest, size: toLong(size) }).finish(),
  decode: (bytes) => content.ReadContentResponse.decode(bytes).data,
};

function attestationsOf(
  platform: string | undefined,
  result: moby.buildkit.v1.BuildResultInfo.$Properties,
): BuildAttestation[] {
  return (result.Attestations ?? []).map(({ media_type, digest, size, annotations }) => ({
    platform,
    mediaType: media_type ?? '',
    digest: digest ?? '',
    size: fromLong(size),
    annotations: { ...annotations },
  }));
}
