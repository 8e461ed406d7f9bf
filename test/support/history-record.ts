import type { HistoryRecord } from '../../src/buildkit/control/index.ts';

/** A record of a build of which nothing is known but `known`. */
export function historyRecord(known: Partial<HistoryRecord>): HistoryRecord {
  return {
    ref: 'ref',
    frontend: '',
    frontendAttrs: {},
    exporters: [],
    error: undefined,
    createdAt: undefined,
    completedAt: undefined,
    logs: undefined,
    exporterResponse: {},
    result: undefined,
    results: {},
    generation: 0,
    trace: undefined,
    pinned: false,
    numCachedSteps: 0,
    numTotalSteps: 0,
    numCompletedSteps: 0,
    externalError: undefined,
    numWarnings: 0,
    ...known,
  };
}
