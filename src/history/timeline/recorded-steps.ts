// The steps of a recorded build with all that a page tells of them, from its status stream.
import type { SolveStatus, UnixNano, VertexStatus, VertexWarning } from '../../buildkit/control/index.ts';
import { LogTail } from './log-tail.ts';

export interface RecordedStep {
  readonly digest: string;
  readonly name: string;
  /** Digests of the steps that it needs. */
  readonly inputs: readonly string[];
  /** When it ran, in order of start; one that is running has no end. */
  readonly runs: readonly StepRun[];
  readonly cached: boolean;
  readonly error: string | undefined;
  readonly transfers: readonly VertexStatus[];
  readonly log: LogTail;
}

export interface StepRun {
  readonly start: UnixNano;
  readonly end: UnixNano | undefined;
}

/** What is too much to be true, or to be shown. */
const STEP_LIMIT = 20_000;
const RUN_LIMIT = 100;
const TRANSFER_LIMIT = 200;
const WARNING_LIMIT = 1000;
const LOG_LIMIT = 64 << 10;

interface OpenStep {
  name: string;
  inputs: readonly string[];
  readonly runs: Map<UnixNano, UnixNano | undefined>;
  cached: boolean;
  error: string | undefined;
  readonly transfers: Map<string, VertexStatus>;
  readonly log: LogTail;
}

/** Collects steps from packets of status; what passes its limits is left out. */
export class StepRecorder {
  readonly #steps = new Map<string, OpenStep>();
  readonly #warnings: VertexWarning[] = [];

  apply({ vertexes, statuses, logs, warnings }: SolveStatus): void {
    for (const vertex of vertexes) {
      const step = this.#step(vertex.digest);
      if (step === undefined) continue;
      step.name = vertex.name;
      step.inputs = vertex.inputs;
      // a step may be announced again after it ended; that announcement knows less
      if (vertex.started === undefined) continue;
      step.cached = vertex.cached;
      step.error = vertex.error;
      if (step.runs.has(vertex.started) || step.runs.size < RUN_LIMIT) step.runs.set(vertex.started, vertex.completed);
    }
    for (const status of statuses) {
      const transfers = this.#steps.get(status.vertex)?.transfers;
      if (transfers && (transfers.has(status.id) || transfers.size < TRANSFER_LIMIT)) transfers.set(status.id, status);
    }
    for (const { vertex, data } of logs) this.#steps.get(vertex)?.log.write(data);
    this.#warnings.push(...warnings.slice(0, WARNING_LIMIT - this.#warnings.length));
  }

  warnings(): readonly VertexWarning[] {
    return this.#warnings;
  }

  /** In the order in which they started; those that never did come last. */
  steps(): RecordedStep[] {
    const steps = [...this.#steps].map(([digest, step]): RecordedStep => {
      const runs = [...step.runs].map(([start, end]) => ({ start, end }));
      return { ...step, digest, runs: runs.sort(byStart), transfers: [...step.transfers.values()] };
    });
    return steps.sort((a, b) => byStart(a.runs[0] ?? never, b.runs[0] ?? never));
  }

  #step(digest: string): OpenStep | undefined {
    const known = this.#steps.get(digest);
    if (known !== undefined || this.#steps.size === STEP_LIMIT) return known;
    const step = {
      name: '',
      inputs: [],
      runs: new Map(),
      cached: false,
      error: undefined,
      transfers: new Map(),
      log: new LogTail(LOG_LIMIT),
    };
    this.#steps.set(digest, step);
    return step;
  }
}

const never: Pick<StepRun, 'start'> = { start: 2n ** 63n };

function byStart(a: Pick<StepRun, 'start'>, b: Pick<StepRun, 'start'>): number {
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0;
}
