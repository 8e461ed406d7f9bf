// Matches buildx commands/history/utils.go dockerFiltersToBuildkit: the same filters, and the same errors. `<=` and `>=` are what
// buildx's errors offer and its parser never finds.
import { TsbuildxError } from '../base/errors.ts';
import { parseGoDuration } from '../base/go-duration.ts';
import { goQuote } from '../base/go-quote.ts';
import { parseGoTime } from '../base/go-time.ts';
import type { HistoryRecord } from '../buildkit/control/index.ts';
import { gitReference } from './git-reference.ts';

export type HistoryFilter = (record: HistoryRecord) => boolean;

const FILTER = /^([^!=<>]*)(!=|<=|>=|=|<|>)(.*)$/s;
const SECOND = 1_000_000_000n;

/**
 * Filters as `--filter` has them: `status=error`, `duration>5m`, `startedAt<24h`. A record has to match all of them.
 * @param now nanoseconds since the epoch
 * Throws INVALID_ARGUMENT.
 */
export function historyFilter(filters: readonly string[], now: bigint): HistoryFilter {
  const parts = filters.map((text) => readFilter(text, now));
  return (record) => parts.every((matches) => matches(record));
}

function readFilter(text: string, now: bigint): HistoryFilter {
  const [, key, sign, value = ''] = FILTER.exec(text) ?? [];
  if (sign === undefined) throw invalid(`invalid filter ${goQuote(text)}`);
  switch (key) {
    case 'ref':
    case 'repository':
    case 'status': {
      if (sign !== '=' && sign !== '!=') {
        throw invalid(`invalid separator for ${goQuote(text)}, expected = or !=`);
      }
      return textFilter(key, sign, value);
    }
    case 'startedAt':
    case 'completedAt':
    case 'duration': {
      if (sign === '=' || sign === '!=') {
        throw invalid(`invalid separator for ${goQuote(text)}, expected <=, <, >= or >`);
      }
      return timeFilter(key, value, (a, b) => compares(a, sign, b), now);
    }
    default:
      throw invalid(`unsupported filter ${goQuote(text)}`);
  }
}

function textFilter(key: 'ref' | 'repository' | 'status', sign: '=' | '!=', value: string): HistoryFilter {
  const read = { ref: ({ ref }: HistoryRecord) => ref, repository: repositoryOf, status: statusOf }[key];
  if (sign === '!=') return (record) => read(record) !== value;
  return key === 'status' ? (record) => read(record) === value : (record) => read(record).includes(value);
}

function repositoryOf({ frontendAttrs }: HistoryRecord): string {
  const source = frontendAttrs['vcs:source'];
  const context = frontendAttrs['context'];
  return source ?? gitReference(context ?? '')?.remote ?? '';
}

function statusOf({ completedAt, error }: HistoryRecord): string {
  if (completedAt === undefined) return 'running';
  if (error === undefined) return 'completed';
  return error.message.includes('context canceled') ? 'canceled' : 'error';
}

/** Times are compared by whole seconds. */
function timeFilter(
  key: 'startedAt' | 'completedAt' | 'duration',
  value: string,
  holds: (own: bigint, limit: bigint) => boolean,
  now: bigint,
): HistoryFilter {
  if (key === 'duration') {
    const limit = durationOf(value);
    return ({ createdAt = 0n, completedAt = createdAt }) => holds(completedAt - createdAt, limit);
  }
  const limit = wholeSeconds(timeOf(value, now));
  const field = key === 'startedAt' ? 'createdAt' : 'completedAt';
  return (record) => holds(wholeSeconds(record[field] ?? 0n), limit);
}

function compares(own: bigint, sign: string, limit: bigint): boolean {
  if (own === limit) return sign === '<=' || sign === '>=';
  return sign.startsWith(own < limit ? '<' : '>');
}

function durationOf(value: string): bigint {
  return durationIn(value) ?? fail(`invalid duration ${value}`);
}

/** So long ago, or at that time. */
function timeOf(value: string, now: bigint): bigint {
  const ago = durationIn(value);
  return ago === undefined ? (parseGoTime(value)?.unixNano ?? fail(`invalid time ${value}`)) : now - ago;
}

function durationIn(text: string): bigint | undefined {
  try {
    return parseGoDuration(text);
  } catch {
    return undefined;
  }
}

function wholeSeconds(time: bigint): bigint {
  const rest = ((time % SECOND) + SECOND) % SECOND;
  return (time - rest) / SECOND;
}

function fail(message: string): never {
  throw invalid(message);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
