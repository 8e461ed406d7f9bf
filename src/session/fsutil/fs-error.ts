import { getSystemErrorMessage } from 'node:util';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

export { isMissing, systemErrorCode } from '../../base/system-error.ts';

/** A failed system call as an error of ours, in Go's words: `open dir/file: permission denied`. */
export function fromSystemError(error: unknown, path: string): TsbuildxError {
  if (error instanceof TsbuildxError) return error;
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') {
    return new TsbuildxError('IO', `${path}: ${messageOf(error)}`, { cause: error });
  }
  const call = 'syscall' in error && typeof error.syscall === 'string' ? `${error.syscall} ` : '';
  return new TsbuildxError('IO', `${call}${path}: ${getSystemErrorMessage(error.errno)}`, { cause: error });
}
