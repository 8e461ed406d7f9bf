import { type ErrorCode, TsbuildxError } from '../../base/errors.ts';
import type { ErrorDetail } from './details.ts';

/** Status codes of gRPC. */
export const GRPC_STATUS = {
  ok: 0,
  canceled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

/**
 * A call that failed. Code RPC_FAILED: the daemon answered so; CANCELED: this side aborted it; TRANSPORT: the connection
 * could not be made or was lost, and the message names the endpoint.
 */
export class RpcError extends TsbuildxError {
  override readonly name: string = 'RpcError';
  /** A code of gRPC. */
  readonly status: number;
  /** What the daemon says about the error beyond its text, in its order. */
  readonly details: readonly ErrorDetail[];
  /** The encoded `google.rpc.Status`, to pass an error on unchanged. */
  readonly statusBytes: Uint8Array | undefined;

  constructor(code: ErrorCode, message: string, fields: RpcErrorFields, options?: ErrorOptions) {
    super(code, message, options);
    this.status = fields.status;
    this.details = fields.details ?? [];
    this.statusBytes = fields.statusBytes;
  }
}

interface RpcErrorFields {
  readonly status: number;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly statusBytes?: Uint8Array | undefined;
}

export function isRpcError(error: unknown): error is RpcError {
  return error instanceof RpcError;
}
