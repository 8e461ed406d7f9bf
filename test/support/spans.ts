// Spans of builds that never were, and the form in which daemons keep them.
import type { Span } from '../../src/history/spans.ts';

/** The time at which made-up traces begin, in nanoseconds. */
export const TRACE_START: bigint = 1_795_713_120_000_000_000n;

/** Milliseconds since the start of the trace. `id` and `parent` are numbers; a parent of 0 is none. */
export function madeUpSpan(
  id: number,
  parent: number,
  name: string,
  [start, end]: readonly [start: number, end: number],
  changes: Partial<Span> = {},
): Span {
  const traceId = 'a'.repeat(32);
  const spanId = (number: number): string => number.toString(16).padStart(16, '0');
  const at = (ms: number): bigint => TRACE_START + BigInt(Math.round(ms * 1e6));
  return {
    traceId,
    spanId: spanId(id),
    parent: { traceId, spanId: spanId(parent) },
    name,
    kind: 'internal',
    flags: 1,
    start: at(start),
    end: at(end),
    attributes: [],
    events: [],
    links: [],
    status: { code: 'unset', description: '' },
    resource: [{ key: 'service.name', value: { type: 'string', value: 'dockerd' } }],
    scope: { name: '', version: '' },
    ...changes,
  };
}
