// Messages of the daemon's content store.
import { containerd, fromLong, fromTimestamp, toLong } from '../../proto/index.ts';
import type { Method } from '../rpc/index.ts';
import type { ContentInfo } from './client.ts';

const { InfoRequest, InfoResponse, ReadContentRequest, ReadContentResponse } = containerd.services.content.v1;
const SERVICE = '/containerd.services.content.v1.Content';

export const INFO: Method<string, ContentInfo> = {
  path: `${SERVICE}/Info`,
  encode: (digest) => InfoRequest.encode({ digest }).finish(),
  decode(bytes) {
    const { info } = InfoResponse.decode(bytes);
    return {
      digest: info?.digest ?? '',
      size: Number(fromLong(info?.size)),
      createdAt: fromTimestamp(info?.created_at),
      updatedAt: fromTimestamp(info?.updated_at),
      labels: { ...info?.labels },
    };
  },
};

/** The whole content, in pieces. */
export const READ: Method<{ readonly digest: string; readonly size: number }, Uint8Array> = {
  path: `${SERVICE}/Read`,
  encode: ({ digest, size }) => ReadContentRequest.encode({ digest, size: toLong(size) }).finish(),
  decode: (bytes) => ReadContentResponse.decode(bytes).data,
};
