import { messageOf } from '../../base/errors.ts';
import type { HistoryRecord, UnixNano, VertexWarning } from '../../buildkit/control/index.ts';
import type { ErrorDetail } from '../../buildkit/rpc/index.ts';
import { distinctWarnings } from '../../progress/index.ts';
import type { RecordMaterial } from '../materials.ts';
import { milliseconds } from '../page/texts.ts';
import { criticalPath } from '../timeline/critical-path.ts';
import type { StepRecorder } from '../timeline/recorded-steps.ts';
import type {
  BuildStatus,
  ReportFailure,
  ReportModel,
  ReportResult,
  ReportStep,
  ReportWarning,
} from './report-model.ts';
import { reportParameters, withoutCredentials } from './report-parameters.ts';
import { reportSteps } from './report-steps.ts';
import { sourceLines } from './source-lines.ts';

/** What a report is made of. */
export interface ReportSources {
  readonly name: string;
  readonly builder: string;
  readonly node: string;
  readonly record: HistoryRecord;
  readonly recorder: StepRecorder;
  /** Of the daemon, when it was asked: a build that runs has lasted until then. */
  readonly now: UnixNano;
  /** Of the failure. */
  readonly details: readonly ErrorDetail[];
  readonly materials: readonly RecordMaterial[];
  readonly results: readonly ReportResult[];
  readonly gaps: readonly string[];
}

export function makeReport(sources: ReportSources): ReportModel {
  const { record, recorder, now } = sources;
  const recorded = recorder.steps();
  const from = record.createdAt ?? recorded[0]?.runs[0]?.start ?? now;
  const until = record.completedAt ?? now;
  const steps = reportSteps(recorded, from, until);
  const chain = steps.map(({ runs, inputs }) => ({
    start: runs[0]?.start ?? 0,
    end: runs.at(-1)?.end ?? 0,
    inputs,
    ran: runs.length > 0,
  }));
  return {
    name: withoutCredentials(sources.name),
    ref: record.ref,
    builder: sources.builder,
    node: sources.node,
    status: statusOf(record),
    startedAt: milliseconds(from),
    duration: Math.max(0, milliseconds(until - from), ...chain.map(({ end }) => end)),
    steps,
    criticalPath: criticalPath(chain),
    failure: failureOf(sources, steps),
    warnings: distinctWarnings(recorder.warnings()).map(reportWarning),
    materials: sources.materials.map((material) => ({ ...material, uri: withoutCredentials(material.uri) })),
    parameters: reportParameters(
      record.frontendAttrs,
      record.exporters.map(({ type, attrs }) => ({ type, attrs })),
    ),
    results: sources.results,
    gaps: sources.gaps,
  };
}

function statusOf({ error, completedAt }: HistoryRecord): BuildStatus {
  if (error !== undefined)
    return error.message.endsWith('context canceled') || error.code === 1 ? 'canceled' : 'failed';
  return completedAt === undefined ? 'running' : 'completed';
}

function failureOf({ record, details }: ReportSources, steps: readonly ReportStep[]): ReportFailure | undefined {
  if (record.error === undefined) return undefined;
  const digest = details.find((detail) => detail.kind === 'vertex')?.digest;
  const named = steps.findIndex((step) => step.digest === digest);
  const step = named === -1 ? steps.findIndex(({ state }) => state === 'failed') : named;
  return {
    message: withoutCredentials(record.error.message),
    step: step === -1 ? undefined : step,
    sources: details.flatMap((detail) =>
      detail.kind === 'source' ? (sourceLines(detail.source, detail.source.ranges) ?? []) : [],
    ),
  };
}

function reportWarning({ short, detail, url, sourceInfo, range }: VertexWarning): ReportWarning {
  return {
    text: textOf(short),
    details: detail.map(textOf),
    url,
    source: sourceInfo && sourceLines(sourceInfo, range),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** What `read` gives; when it fails, nothing, and why is noted. */
export async function orGap<T>(
  gaps: string[],
  what: string,
  signal: AbortSignal,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    gaps.push(`${what}: ${messageOf(error)}`);
    return undefined;
  }
}
