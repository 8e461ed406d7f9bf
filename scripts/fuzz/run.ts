import { Worker } from 'node:worker_threads';
import type { FuzzRange, FuzzReport } from './worker.ts';

/** A request that was not answered as it must. */
export interface Failure {
  readonly index: number;
  readonly faults: readonly string[];
}

/** How long one request may take, in milliseconds: far more than it does, also on a busy machine. */
const patience = 60_000;

/** Runs requests in a thread; the failures in order, each told to `tell` as well. One that does not end is one. */
export async function runFuzz(
  range: FuzzRange,
  tell: (failure: Failure) => void = () => undefined,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const fail = (failure: Failure): void => {
    failures.push(failure);
    tell(failure);
  };
  const end = range.first + range.count;
  let next = range.first;
  while (next < end) {
    const done = await runPart({ ...range, first: next, count: end - next }, ({ index, faults }) => {
      if (faults.length > 0) fail({ index, faults });
    });
    next += done.count;
    if (next < end) fail({ index: next++, faults: [done.problem] });
  }
  return failures;
}

/** How many requests were answered, and why it were not more. */
function runPart(range: FuzzRange, report: (report: FuzzReport) => void): Promise<{ count: number; problem: string }> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: range });
    let count = 0;
    let problem = 'the thread ended';
    const timer = setTimeout(() => {
      problem = `no answer in ${patience / 1000} s`;
      void worker.terminate();
    }, patience);
    worker.on('message', (message: FuzzReport) => {
      count++;
      timer.refresh();
      report(message);
    });
    worker.on('error', (error) => {
      problem = error instanceof Error ? String(error.stack) : String(error);
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve({ count, problem });
    });
  });
}
