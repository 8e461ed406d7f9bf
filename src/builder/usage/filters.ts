// Matches buildx commands/prune.go toBuildkitPruneInfo, and docker's opts.FilterOpt: filters of `du` and `prune`.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseGoDuration } from '../../base/go-duration.ts';
import { goQuote } from '../../base/go-quote.ts';

/** What BuildKit is asked for. */
export interface UsageFilter {
  /** In containerd's filter language. */
  readonly filter: readonly string[];
  /** Nanoseconds; of `until`. */
  readonly keepDuration: bigint;
}

type Filters = ReadonlyMap<string, ReadonlySet<string>>;

/** Throws INVALID_ARGUMENT. */
function checkFilter(text: string): void {
  if (text !== '' && !text.includes('=')) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'bad format of filter (expected name=value)');
  }
}

/**
 * Filters as `--filter` has them: `type=regular`, `description~=apt`, `id!=x`, `until=24h`.
 * @param defaults the `pruneFilters` of config.json
 * Throws INVALID_ARGUMENT.
 */
export function usageFilter(filters: readonly string[], defaults: readonly string[] = []): UsageFilter {
  for (const text of filters) checkFilter(text);
  const read = withDefaults(readFilters(filters), defaults);
  if (read.has('until') && read.has('unused-for')) throw invalid('conflicting filters "until" and "unused-for"');
  const untilKey = read.has('unused-for') ? 'unused-for' : 'until';
  const terms = [...read]
    .filter(([name]) => name !== untilKey)
    .map(([name, values]) => {
      const [value = '', ...more] = values;
      if (more.length > 0) throw tooMany(name);
      return term(name, value);
    });
  return { filter: [terms.join(',')], keepDuration: keepDuration(untilKey, read.get(untilKey)) };
}

function readFilters(filters: readonly string[]): Map<string, Set<string>> {
  const read = new Map<string, Set<string>>();
  for (const text of filters) {
    const at = text.indexOf('=');
    if (at >= 0) add(read, text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim());
  }
  return read;
}

/** Of labels the command line wins over a default that says the contrary. */
function withDefaults(read: Map<string, Set<string>>, defaults: readonly string[]): Filters {
  for (const text of defaults) {
    const at = text.indexOf('=');
    if (at < 0) continue;
    const name = text.slice(0, at);
    const value = text.slice(at + 1);
    const contrary = name === 'label' ? 'label!' : name === 'label!' ? 'label' : undefined;
    if (contrary === undefined || read.get(contrary)?.has(value) !== true) add(read, name, value);
  }
  return read;
}

function add(read: Map<string, Set<string>>, name: string, value: string): void {
  const values = read.get(name) ?? new Set();
  read.set(name, values.add(value));
}

/** `!=` and `~=` come as names that end with their sign. */
function term(name: string, value: string): string {
  if (name === 'id') return `id~=${value}`;
  return `${name}${/[!~]$/.test(name) ? '=' : '=='}${value}`;
}

function keepDuration(name: string, values: ReadonlySet<string> = new Set()): bigint {
  const [value, ...more] = values;
  if (value === undefined) return 0n;
  if (more.length > 0) throw tooMany(name);
  try {
    return parseGoDuration(value);
  } catch (error) {
    const text = `${goQuote(name)} filter expects a duration (e.g., '24h'): ${messageOf(error)}`;
    throw new TsbuildxError('INVALID_ARGUMENT', text, { cause: error });
  }
}

function tooMany(name: string): TsbuildxError {
  return invalid(`${goQuote(name)} filter expects only one value`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
