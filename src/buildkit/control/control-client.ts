import type { RpcClient } from '../rpc/index.ts';
import type { ControlClient } from './client.ts';
import { INFO, LIST_WORKERS, SOLVE, STATUS } from './control-codec.ts';

/** The control API of the daemon at the other end of `rpc`. */
export function createControlClient(rpc: RpcClient): ControlClient {
  return {
    solve: (request, { signal }) => rpc.unary(SOLVE, request, { signal }),
    status: (ref, { signal }) => rpc.serverStream(STATUS, ref, { signal }),
    listWorkers: ({ signal, filter = [] }) => rpc.unary(LIST_WORKERS, filter, { signal }),
    info: ({ signal }) => rpc.unary(INFO, undefined, { signal }),
  };
}
