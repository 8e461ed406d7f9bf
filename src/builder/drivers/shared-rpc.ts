import { isRpcError, GRPC_STATUS, type RpcClient } from '../../buildkit/rpc/index.ts';

interface Shared {
  readonly rpc: RpcClient;
  users: number;
}

const open = new Map<string, Shared>();

/**
 * A connection that starts a process on another machine: all builds of this program that go there at the same time share it.
 * Servers of ssh let in few logins at once (MaxStartups), and each costs time and may ask somebody. It is closed when the
 * last of its users disposes it; one that is lost goes to nobody else.
 * @param key names the daemon and the way to it.
 */
export function sharedRpc(key: string, make: () => RpcClient): RpcClient {
  const shared = open.get(key) ?? { rpc: make(), users: 0 };
  open.set(key, shared);
  shared.users += 1;
  const { rpc } = shared;
  const forget = (): void => {
    if (open.get(key) === shared) open.delete(key);
  };
  let isDisposed = false;
  return {
    endpoint: rpc.endpoint,
    connect: (options) => rpc.connect(options),
    async unary(method, request, options) {
      try {
        return await rpc.unary(method, request, options);
      } catch (error) {
        if (isRpcError(error) && error.status === GRPC_STATUS.unavailable) forget();
        throw error;
      }
    },
    serverStream: (method, request, options) => rpc.serverStream(method, request, options),
    openStream: (path, metadata, options) => rpc.openStream(path, metadata, options),
    async [Symbol.asyncDispose]() {
      if (isDisposed) return;
      isDisposed = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      forget();
      await rpc[Symbol.asyncDispose]();
    },
  };
}
