import { decodeStatus } from './status-codec.ts';
import { GRPC_STATUS, RpcError } from './rpc-error.ts';

/** Names of the status codes as Go prints them, in order. */
const NAMES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

/** A status code as Go prints it. */
export function statusName(code: number): string {
  return NAMES[code] ?? `Code(${code})`;
}

/** The error that a daemon answered with. Matches util/grpcerrors: the code's name is left out when it is Unknown. */
export function errorFromStatus(code: number, message: string, statusBytes: Uint8Array | undefined): RpcError {
  const status = statusBytes === undefined ? undefined : decodeStatus(statusBytes);
  const text = status?.message ?? message;
  const prefix = code === GRPC_STATUS.unknown || code === GRPC_STATUS.ok ? '' : `${statusName(code)}: `;
  return new RpcError('RPC_FAILED', `${prefix}${text}`, { status: code, details: status?.details, statusBytes });
}

/** The error of a call that this side gave up. */
export function canceledError(reason: unknown): RpcError {
  return new RpcError('CANCELED', 'context canceled', { status: GRPC_STATUS.canceled }, { cause: reason });
}

/** The error of calls whose connection could not be made or was lost. */
export function lostError(endpoint: string, why: string, cause?: unknown): RpcError {
  const message = `connection to ${endpoint} lost: ${why}`;
  return new RpcError('TRANSPORT', message, { status: GRPC_STATUS.unavailable }, { cause });
}
