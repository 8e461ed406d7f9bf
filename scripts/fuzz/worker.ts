// Runs requests one after the other, so that the thread that started it can tell one that does not end.
import { parentPort, workerData } from 'node:worker_threads';
import { faultsOf } from './check-request.ts';
import { corpus } from './corpus.ts';
import { Random } from './random.ts';
import { makeRequest } from './request.ts';

export interface FuzzRange {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

export interface FuzzReport {
  readonly index: number;
  readonly faults: readonly string[];
}

const { seed, first, count } = readRange(workerData);
const dockerfiles = await corpus();
for (let index = first; index < first + count; index++) {
  const request = makeRequest(`${seed}/${index}`, dockerfiles, Random.of(seed, index));
  const report: FuzzReport = { index, faults: await faultsOf(request) };
  parentPort?.postMessage(report);
}

function readRange(data: unknown): FuzzRange {
  if (isRange(data)) return data;
  throw new TypeError('a worker of the fuzzer needs seed, first and count');
}

function isRange(data: unknown): data is FuzzRange {
  return typeof data === 'object' && data !== null && 'seed' in data && 'first' in data && 'count' in data;
}
