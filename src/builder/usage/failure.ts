import { type ErrorCode, TsbuildxError } from '../../base/errors.ts';

export function codeOf(error: unknown): ErrorCode {
  return error instanceof TsbuildxError ? error.code : 'TRANSPORT';
}
