import { type ErrorCode, TsbuildxError } from '../../base/errors.ts';

/** A registry answered with an error. */
export class RegistryError extends TsbuildxError {
  override readonly name = 'RegistryError';
  /** HTTP status. */
  readonly status: number;
  /** Milliseconds that it asks to wait before the next attempt; 0 when it does not. */
  readonly retryAfter: number;

  constructor(message: string, { status, retryAfter }: Pick<RegistryError, 'status' | 'retryAfter'>) {
    super(codeOf(status), message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

function codeOf(status: number): ErrorCode {
  if (status === 404) return 'NOT_FOUND';
  if (status === 401 || status === 403) return 'AUTH';
  // It may go well another time.
  return status >= 500 || status === 408 || status === 429 ? 'TRANSPORT' : 'PROTOCOL';
}
