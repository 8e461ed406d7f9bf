import { findCause, TsbuildxError } from '../base/errors.ts';
import { UsageError } from './usage-error.ts';

// gRPC's codes, as far as buildx gives them exit codes of their own (cmd/buildx/main.go)
const exitCodes: ReadonlyMap<number, number> = new Map([
  [1, 130], // Canceled
  [8, 102], // ResourceExhausted
  [13, 100], // Internal
]);

/** The exit code that buildx has for such an error. */
export function exitCodeOf(error: unknown): number {
  const usage = findCause(error, (e): e is UsageError => e instanceof UsageError);
  if (usage !== undefined) return usage.exitCode;
  const canceled = findCause(error, (e): e is TsbuildxError => e instanceof TsbuildxError && e.code === 'CANCELED');
  if (canceled !== undefined) return 130;
  const rpc = findCause(error, hasStatus);
  return exitCodes.get(rpc?.status ?? 0) ?? 1;
}

function hasStatus(error: Error): error is Error & { readonly status: number } {
  return error instanceof TsbuildxError && 'status' in error && typeof error.status === 'number';
}
