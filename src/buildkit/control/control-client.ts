import { createHash } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import { GRPC_STATUS, isRpcError, type RpcClient } from '../rpc/index.ts';
import type { BuildAttestation, ControlClient } from './client.ts';
import { INFO, LIST_WORKERS, SOLVE, STATUS } from './control-codec.ts';
import { DISK_USAGE, PRUNE } from './usage-codec.ts';
import { ACTIVE_BUILDS, BUILD_ATTESTATIONS, type ContentRange, READ_CONTENT } from './history-codec.ts';

/** Bytes of one blob of the history that are read into memory at most. */
const MAX_CONTENT = 64n << 20n;

/** The control API of the daemon at the other end of `rpc`. */
export function createControlClient(rpc: RpcClient): ControlClient {
  return {
    solve: (request, { signal }) => rpc.unary(SOLVE, request, { signal }),
    status: (ref, { signal }) => rpc.serverStream(STATUS, ref, { signal }),
    listWorkers: ({ signal, filter = [] }) => rpc.unary(LIST_WORKERS, filter, { signal }),
    info: ({ signal }) => rpc.unary(INFO, undefined, { signal }),
    diskUsage: (filter, { signal }) => rpc.unary(DISK_USAGE, filter, { signal }),
    prune: (request, { signal }) => rpc.serverStream(PRUNE, request, { signal }),
    async activeBuilds({ signal }) {
      const refs = new Set<string>();
      try {
        for await (const ref of rpc.serverStream(ACTIVE_BUILDS, undefined, { signal })) refs.add(ref);
      } catch (error) {
        if (isRpcError(error) && error.status === GRPC_STATUS.unimplemented) return undefined;
        throw error;
      }
      return refs.size;
    },
    async attestations(ref, { signal }) {
      const found: BuildAttestation[] = [];
      for await (const event of rpc.serverStream(BUILD_ATTESTATIONS, ref, { signal })) found.push(...event);
      return found;
    },
    readContent: (content, { signal }) => readContent(rpc, content, signal),
  };
}

async function readContent(rpc: RpcClient, { digest, size }: ContentRange, signal: AbortSignal): Promise<Uint8Array> {
  const failed = (why: string): TsbuildxError =>
    new TsbuildxError('PROTOCOL', `content ${digest} of the daemon ${why}`);
  if (size > MAX_CONTENT) throw failed(`is larger than ${MAX_CONTENT} bytes`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of rpc.serverStream(READ_CONTENT, { digest, size }, { signal })) {
    length += chunk.length;
    if (length > size) throw failed(`is larger than the ${size} bytes that were told`);
    chunks.push(chunk.slice());
  }
  const bytes = Buffer.concat(chunks);
  if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest) throw failed('has another digest');
  return bytes;
}
