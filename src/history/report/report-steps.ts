import type { UnixNano, VertexStatus } from '../../buildkit/control/index.ts';
import { milliseconds } from '../page/texts.ts';
import type { RecordedStep } from '../timeline/recorded-steps.ts';
import { stepTitle } from '../timeline/step-title.ts';
import type { ReportStep, ReportTransfer, StepState, TimeRange } from './report-model.ts';

/** Milliseconds between an input's end and a start that are no wait. */
const NO_WAIT = 1;

/** Steps with their times since `from`; those that run still, until `until`. */
export function reportSteps(steps: readonly RecordedStep[], from: UnixNano, until: UnixNano): ReportStep[] {
  const indexOf = new Map(steps.map(({ digest }, index) => [digest, index]));
  const isOver = (step: RecordedStep): boolean => step.runs.every(({ end }) => end !== undefined);
  const allRuns = steps.map(({ runs }): TimeRange[] =>
    runs.map(({ start, end }) => {
      const began = Math.max(0, milliseconds(start - from));
      return { start: began, end: Math.max(began, milliseconds((end ?? until) - from)) };
    }),
  );
  return steps.map((step, index) => {
    const runs = allRuns[index] ?? [];
    const inputs = [...new Set(step.inputs.flatMap((digest) => indexOf.get(digest) ?? []))];
    const ready = inputs.flatMap((input) => allRuns[input]?.at(-1)?.end ?? []);
    const start = runs[0]?.start ?? 0;
    const since = Math.max(...ready);
    const waited = runs.length > 0 && ready.length > 0 && start - since > NO_WAIT;
    return {
      ...stepTitle(step.name),
      digest: step.digest,
      state: stateOf(step, isOver(step)),
      runs,
      wait: waited ? { start: since, end: start } : undefined,
      time: runs.reduce((sum, run) => sum + run.end - run.start, 0),
      inputs,
      error: step.error,
      transfers: step.transfers.map(reportTransfer),
      log: step.log.lines(),
      logSize: step.log.written,
    };
  });
}

function stateOf({ runs, cached, error }: RecordedStep, isOver: boolean): StepState {
  if (error !== undefined) return error.endsWith('context canceled') ? 'canceled' : 'failed';
  if (runs.length === 0) return 'waiting';
  if (!isOver) return 'running';
  return cached ? 'cached' : 'done';
}

function reportTransfer({ id, name, total, current, started, completed, timestamp }: VertexStatus): ReportTransfer {
  const size = current > total ? current : total;
  const time = started === undefined ? 0 : Math.max(0, milliseconds((completed ?? timestamp) - started));
  return { name: name || id, size: Number(size), time };
}
