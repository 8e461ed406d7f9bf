// Matches buildx commands/history/inspect.go: what a daemon keeps of a build that failed.
import { TsbuildxError, wrap } from '../base/errors.ts';
import type { ErrorPlace } from '../base/sourced-error.ts';
import { decodeStatus, type ErrorDetail, errorFromStatus, type StackTrace, statusName } from '../buildkit/rpc/index.ts';
import { digestFault } from '../oci/index.ts';
import type { FoundRecord } from './open-history.ts';
import { stepLog } from './step-log.ts';

export interface RecordError {
  /** A code of gRPC; 0 when only details were kept. */
  readonly code: number;
  /** The code by its name, `Unknown`. */
  readonly codeName: string;
  readonly message: string;
  /** The step that failed. */
  readonly stepName: string;
  /** The last lines that it wrote. */
  readonly logs: readonly string[];
  readonly sources: readonly ErrorPlace[];
  /** Where in the daemon's code it happened; undefined when no details were kept. */
  readonly stack: { readonly message: string; readonly traces: readonly StackTrace[] } | undefined;
}

const LOG_LINES = 16;

/** Undefined for a build that did not fail. Rejects with what kept the details from being read. */
export async function recordError(found: FoundRecord, signal: AbortSignal): Promise<RecordError | undefined> {
  const { error, externalError } = found.record;
  if (error === undefined && externalError === undefined) return undefined;
  const { code = 0, message = '' } = error ?? {};
  const known = { code, codeName: statusName(code), message, stepName: '', logs: [], sources: [], stack: undefined };
  if (externalError === undefined) return known;
  const bytes = await told(`failed to read external error ${externalError.digest}`, () =>
    found.node.content.readAll(externalError, { signal }),
  );
  const status = decodeStatus(bytes);
  if (status === undefined) {
    throw new TsbuildxError('PROTOCOL', `failed to unmarshal external error ${externalError.digest}: it is no status`);
  }
  const { details } = status;
  const step = details.findLast((detail) => detail.kind === 'vertex')?.digest;
  return {
    ...known,
    ...(step === undefined ? {} : await failedStep(found, step, signal)),
    sources: details.flatMap((detail: ErrorDetail) => (detail.kind === 'source' ? [detail.source] : [])),
    stack: {
      message: errorFromStatus(status.code, status.message, undefined).message,
      traces: details.flatMap((detail: ErrorDetail) => (detail.kind === 'stack' ? [detail.stack] : [])),
    },
  };
}

async function failedStep(
  { node, record }: FoundRecord,
  digest: string,
  signal: AbortSignal,
): Promise<Pick<RecordError, 'stepName' | 'logs'>> {
  const fault = digestFault(digest);
  if (fault !== undefined) throw new TsbuildxError('PROTOCOL', `failed to parse vertex digest ${digest}: ${fault}`);
  const { name, lines } = await told(`failed to load vertex logs ${digest}`, () =>
    stepLog(node.control.status(record.ref, { signal }), digest),
  );
  return { stepName: name, logs: lines.slice(-LOG_LINES) };
}

async function told<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw wrap(error instanceof TsbuildxError ? error.code : 'RPC_FAILED', what, error);
  }
}
