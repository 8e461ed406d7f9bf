export type { CallStream, HeaderRecord } from './call-stream.ts';
export type { CallOptions, RpcClient } from './client.ts';
export type { ErrorDetail, ErrorRange, ErrorSource, SolveDetail, StackTrace } from './details.ts';
export { createRpcClient, type RpcClientOptions } from './grpc-client.ts';
export type { Method } from './method.ts';
export { GRPC_STATUS, isRpcError, RpcError } from './rpc-error.ts';
export { errorFromStatus, statusName } from './status-error.ts';
export { rpcSink } from './rpc-sink.ts';
export { decodeStatus, encodeStatus, type StatusMessage } from './status-codec.ts';
