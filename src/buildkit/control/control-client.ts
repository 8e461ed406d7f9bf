import { parseGoTime } from '../../base/go-time.ts';
import { GRPC_STATUS, type HeaderRecord, isRpcError, type RpcClient } from '../rpc/index.ts';
import type { ControlClient } from './client.ts';
import { INFO, LIST_WORKERS, SOLVE, STATUS } from './control-codec.ts';
import { DISK_USAGE, PRUNE } from './usage-codec.ts';
import type { HistoryEvent, HistoryQuery } from './history.ts';
import { ACTIVE_BUILDS, LISTEN_BUILD_HISTORY, UPDATE_BUILD_HISTORY } from './history-codec.ts';
import type { UnixNano } from './status.ts';

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
    listenBuildHistory: (query, { signal }) => listenBuildHistory(rpc, query, signal),
    updateBuildHistory: (update, { signal }) => rpc.unary(UPDATE_BUILD_HISTORY, update, { signal }),
  };
}

async function* listenBuildHistory(
  rpc: RpcClient,
  query: HistoryQuery,
  signal: AbortSignal,
): AsyncGenerator<HistoryEvent> {
  let daemonTime: UnixNano | undefined;
  const onHeaders = (headers: HeaderRecord): void => {
    daemonTime = parseGoTime(String(headers['buildkit-current-timestamp']))?.unixNano;
  };
  for await (const event of rpc.serverStream(LISTEN_BUILD_HISTORY, query, { signal, onHeaders })) {
    if (event !== undefined) yield { ...event, daemonTime };
  }
}
