import { TsbuildxError } from '../base/errors.ts';
import { isRpcError, statusName } from '../buildkit/rpc/index.ts';

/** A stream of the history; when the daemon ends it, that is told as grpc-go does: buildx passes these errors on as they are. */
export async function* toldAsGrpc<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    if (!isRpcError(error) || error.code !== 'RPC_FAILED') throw error;
    const name = statusName(error.status);
    const text = error.message.startsWith(`${name}: `) ? error.message.slice(name.length + 2) : error.message;
    throw new TsbuildxError('RPC_FAILED', `rpc error: code = ${name} desc = ${text}`, { cause: error });
  }
}
