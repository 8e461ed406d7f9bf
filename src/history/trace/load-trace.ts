// Matches buildx commands/history/trace.go loadTrace.
import { setTimeout as sleep } from 'node:timers/promises';
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { buildName } from '../build-name.ts';
import { type FoundRecord, type History, noRecord } from '../open-history.ts';
import { readSpans, type Span } from '../spans.ts';
import { TRACE_LIMIT } from '../trace-json.ts';

/** The trace of one build; it has spans. */
export interface BuildTrace {
  readonly name: string;
  readonly ref: string;
  readonly traceId: string;
  readonly spans: readonly Span[];
}

/** Milliseconds in which the last spans of a build that has just ended arrive. */
const LAST_SPANS = 1000;

/** Rejects with NOT_FOUND, INVALID_ARGUMENT (the build is running), PROTOCOL, RpcError. */
export async function loadTrace(history: History, ref: string, signal: AbortSignal): Promise<BuildTrace> {
  const [first] = await history.query({ ref, completedOnly: true });
  if (first === undefined) throw noRecord(ref);
  const found = await withTrace(history, first, signal);
  const { node, record } = found;
  if (record.trace === undefined) throw missing(`build record ${goQuote(record.ref)} is missing a trace`);
  const bytes = await node.content.readAll(record.trace, { limit: TRACE_LIMIT, signal });
  const spans = readSpans(Buffer.from(bytes).toString());
  if (spans[0] === undefined) throw missing('no trace data');
  const name = buildName(record.frontendAttrs, history.localState(found));
  return { name, ref: record.ref, traceId: spans[0].traceId, spans };
}

/** The record with its trace, which the daemon is asked to write when it has not yet. */
async function withTrace(history: History, found: FoundRecord, signal: AbortSignal): Promise<FoundRecord> {
  const { node, record } = found;
  const { ref } = record;
  if (record.completedAt === undefined) {
    throw new TsbuildxError(
      'INVALID_ARGUMENT',
      `build ${goQuote(ref)} is not completed, only completed builds can be traced`,
    );
  }
  if (record.trace !== undefined) return found;
  await sleep(LAST_SPANS, undefined, { signal });
  await node.control.updateBuildHistory({ ref, finalize: true }, { signal });
  const again = (await history.query({ ref, completedOnly: true })).find((other) => other.node === node);
  if (again === undefined) throw missing(`build record ${goQuote(ref)} was deleted`);
  return again;
}

function missing(message: string): TsbuildxError {
  return new TsbuildxError('NOT_FOUND', message);
}
