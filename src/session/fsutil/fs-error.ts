import { getSystemErrorMessage } from 'node:util';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

/** The code of a failed system call, `ENOENT`; undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True when there is nothing at the path. */
export function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A failed system call as an error of ours, in Go's words: `open dir/file: permission denied`. */
export function fromSystemError(error: unknown, path: string): TsbuildxError {
  if (error instanceof TsbuildxError) return error;
  if (!(error instanceof Error) || !('errno' in error) || typeof error.errno !== 'number') {
    return new TsbuildxError('IO', `${path}: ${messageOf(error)}`, { cause: error });
  }
  const call = 'syscall' in error && typeof error.syscall === 'string' ? `${error.syscall} ` : '';
  return new TsbuildxError('IO', `${call}${path}: ${getSystemErrorMessage(error.errno)}`, { cause: error });
}
