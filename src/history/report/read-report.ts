// Gathers what a daemon knows of a build for a report: each part that cannot be read is a gap, not a failure.
import { now, type SolveStatus } from '../../buildkit/control/index.ts';
import { decodeStatus, type ErrorDetail } from '../../buildkit/rpc/index.ts';
import { recordAttachments } from '../attachments.ts';
import { buildName } from '../build-name.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from '../history-options.ts';
import { type FoundRecord, openHistory } from '../open-history.ts';
import { StepRecorder } from '../timeline/recorded-steps.ts';
import { makeReport, orGap } from './make-report.ts';
import { readMaterials, readResults } from './read-results.ts';
import type { ReportModel } from './report-model.ts';

export interface ReportOptions extends HistoryOptions {
  /** An id, or `^N` for the Nth build before the latest. Default: the latest. */
  readonly ref?: string | undefined;
}

/** Milliseconds without news after which a running build is taken to have told all, and how long it may take at most. */
const QUIET = 400;
const LONGEST = 3000;
const ERROR_LIMIT = 16 << 20;

/**
 * All that is known of a build that ended in whatever way, or of one that is running, up to now.
 * Errors: as `openHistory`; NOT_FOUND, RPC_FAILED.
 */
export async function buildReport(options: ReportOptions = {}, context: HistoryContext = {}): Promise<ReportModel> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const found = await history.findOne(options.ref ?? '');
  const { node, record, daemonTime } = found;
  const gaps: string[] = [];
  const recorder = new StepRecorder();
  await orGap(gaps, 'The steps are not known', signal, () => readSteps(found, recorder, signal));
  const details = await orGap(gaps, 'The details of the error are not known', signal, () => readDetails(found, signal));
  const attachments = await orGap(gaps, 'The results are not known', signal, () => recordAttachments(found, signal));
  const materials = await orGap(gaps, 'The materials are not known', signal, () =>
    readMaterials(found, attachments ?? [], signal),
  );
  return makeReport({
    name: buildName(record.frontendAttrs, history.localState(found)),
    builder: node.builder,
    node: node.name,
    record,
    recorder,
    now: daemonTime ?? now(),
    details: details ?? [],
    materials: materials ?? [],
    results: await readResults(found, attachments ?? [], signal),
    gaps,
  });
}

async function readSteps({ node, record }: FoundRecord, recorder: StepRecorder, signal: AbortSignal): Promise<void> {
  if (record.completedAt !== undefined) {
    for await (const status of node.control.status(record.ref, { signal })) recorder.apply(status);
    return;
  }
  const enough = new AbortController();
  const atMost = setTimeout(() => enough.abort(), LONGEST);
  const quiet = setTimeout(() => enough.abort(), QUIET);
  try {
    const told = node.control.status(record.ref, { signal: AbortSignal.any([signal, enough.signal]) });
    await applyAll(told, recorder, () => quiet.refresh());
  } catch (error) {
    if (!enough.signal.aborted || signal.aborted) throw error;
  } finally {
    clearTimeout(atMost);
    clearTimeout(quiet);
  }
}

async function applyAll(told: AsyncIterable<SolveStatus>, recorder: StepRecorder, onEach: () => void): Promise<void> {
  for await (const status of told) {
    recorder.apply(status);
    onEach();
  }
}

async function readDetails({ node, record }: FoundRecord, signal: AbortSignal): Promise<readonly ErrorDetail[]> {
  if (record.externalError === undefined) return [];
  const bytes = await node.content.readAll(record.externalError, { limit: ERROR_LIMIT, signal });
  return decodeStatus(bytes)?.details ?? [];
}
