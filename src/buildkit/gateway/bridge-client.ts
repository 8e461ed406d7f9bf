import type { ErrorSource, Method, RpcClient, RpcError } from '../rpc/index.ts';
import { encodeStatus } from '../rpc/index.ts';
import type { Bridge, BridgeCallOptions, BridgeFailure } from './bridge.ts';
import {
  EVALUATE,
  INPUTS,
  PING,
  READ_DIR,
  READ_FILE,
  RESOLVE_IMAGE_CONFIG,
  RESOLVE_SOURCE_META,
  RETURN,
  RETURN_ERROR,
  SOLVE,
  STAT_FILE,
  WARN,
} from './bridge-codec.ts';

/** The bridge into the build `ref` of the daemon at the other end of `rpc`. */
export function createBridge(rpc: RpcClient, build: { readonly ref: string }): Bridge {
  const metadata = { 'buildkit-controlapi-buildid': build.ref };
  const call = <Req, Res>(method: Method<Req, Res>, request: Req, { signal }: BridgeCallOptions): Promise<Res> =>
    rpc.unary(method, request, { signal, metadata });
  return {
    ping: (options) => call(PING, undefined, options),
    resolveSourceMeta: (request, options) => call(RESOLVE_SOURCE_META, request, options),
    resolveImageConfig: (request, options) => call(RESOLVE_IMAGE_CONFIG, request, options),
    solve: (request, options) => call(SOLVE, request, options),
    readFile: (request, options) => call(READ_FILE, request, options),
    readDir: (request, options) => call(READ_DIR, request, options),
    statFile: (request, options) => call(STAT_FILE, request, options),
    evaluate: (ref, options) => call(EVALUATE, ref, options),
    inputs: (options) => call(INPUTS, undefined, options),
    warn: (warning, options) => call(WARN, warning, options),
    return: (result, options) => call(RETURN, result, options),
    returnError: (error, options) => call(RETURN_ERROR, encodeFailure(error), options),
  };
}

function encodeFailure(error: BridgeFailure | RpcError): Uint8Array {
  if ('statusBytes' in error) return error.statusBytes ?? encodeStatus(error.status, error.message, []);
  const sources = error.sources.map(({ info, ranges }): ErrorSource => {
    return { filename: info.filename, data: info.data, language: info.language, ranges };
  });
  return encodeStatus(error.status, error.message, sources);
}
