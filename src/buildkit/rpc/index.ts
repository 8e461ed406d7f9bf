export type { CallOptions, RpcClient } from './client.ts';
export type { ErrorDetail, ErrorRange, ErrorSource, SolveDetail, StackTrace } from './details.ts';
export type { Method } from './method.ts';
export { GRPC_STATUS, isRpcError, RpcError } from './rpc-error.ts';
