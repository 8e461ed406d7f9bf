// Matches buildx build/utils.go ParseResourceLimits and addResourceLimits.
import { TsbuildxError, wrap } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { parseRamBytes } from '../base/ram-bytes.ts';
import { cut } from './key-value.ts';
import { parseInt64 } from './int64.ts';

/** Limits of each RUN. What is 0, empty or absent is no limit. */
export interface ResourceLimits {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; -1 is unlimited. */
  readonly memorySwap?: number;
  /** Relative weight. */
  readonly cpuShares?: bigint;
  /** Microseconds. */
  readonly cpuPeriod?: bigint;
  /** Microseconds of a period. */
  readonly cpuQuota?: bigint;
  /** `0-3`, `0,1` */
  readonly cpusetCpus?: string;
  readonly cpusetMems?: string;
}

/** A resource; each is the name of a flag too, which was there before `--resource`. */
export type Resource =
  | 'memory'
  | 'memory-swap'
  | 'cpu-shares'
  | 'cpu-period'
  | 'cpu-quota'
  | 'cpuset-cpus'
  | 'cpuset-mems';

type Reader = readonly [limit: keyof ResourceLimits, read: (text: string) => number | bigint | string];

const itself = (text: string): string => text;

const readers: Readonly<Record<Resource, Reader>> = {
  memory: ['memory', parseRamBytes],
  'memory-swap': ['memorySwap', (text) => (text === '-1' ? -1 : parseRamBytes(text))],
  'cpu-shares': ['cpuShares', parseInt64],
  'cpu-period': ['cpuPeriod', parseInt64],
  'cpu-quota': ['cpuQuota', parseInt64],
  'cpuset-cpus': ['cpusetCpus', itself],
  'cpuset-mems': ['cpusetMems', itself],
};

/** `--resource KEY=VALUE`, later ones win; what is 0 or empty is no limit. Throws INVALID_ARGUMENT. */
export function parseResources(
  entries: readonly string[],
  legacy: Readonly<Record<Resource, readonly string[]>>,
): ResourceLimits {
  const fromLegacy = (Object.keys(readers) as Resource[]).flatMap((name) =>
    legacy[name].map((value) => `${name}=${value}`),
  );
  return Object.fromEntries([...fromLegacy, ...entries].map(parseResource));
}

function parseResource(entry: string): readonly [keyof ResourceLimits, number | bigint | string] {
  const [key, value] = cut(entry);
  if (value === undefined) throw invalid(`invalid resource ${goQuote(entry)}, expected key=value`);
  const [name, text] = [key.trim(), value.trim()];
  if (!isResource(name)) throw invalid(`unknown resource ${goQuote(name)}`);
  const [limit, read] = readers[name];
  try {
    return [limit, read(text)];
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `invalid value ${goQuote(text)} for resource ${name}`, error);
  }
}

function isResource(name: string): name is Resource {
  return Object.hasOwn(readers, name);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** No flag but `--resource`. */
export const noLegacyResources: Readonly<Record<Resource, readonly string[]>> = {
  memory: [],
  'memory-swap': [],
  'cpu-shares': [],
  'cpu-period': [],
  'cpu-quota': [],
  'cpuset-cpus': [],
  'cpuset-mems': [],
};
