// Runs requests one after the other, so that the thread that started it can tell one that does not end.
import { parentPort, workerData } from 'node:worker_threads';
import { isKind, kinds, type Kind } from './kinds.ts';
import { Random } from './random.ts';

export interface FuzzRange {
  readonly kind: Kind;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

export interface FuzzReport {
  readonly index: number;
  readonly faults: readonly string[];
}

const { kind, seed, first, count } = readRange(workerData);
const faultsOf = await kinds[kind]();
for (let index = first; index < first + count; index++) {
  const report: FuzzReport = { index, faults: await faultsOf(`${seed}/${index}`, Random.of(seed, index)) };
  parentPort?.postMessage(report);
}

function readRange(data: unknown): FuzzRange {
  if (isRange(data)) return data;
  throw new TypeError('a worker of the fuzzer needs kind, seed, first and count');
}

function isRange(data: unknown): data is FuzzRange {
  if (typeof data !== 'object' || data === null || !('kind' in data) || !isKind(data.kind)) return false;
  return 'seed' in data && 'first' in data && 'count' in data;
}
