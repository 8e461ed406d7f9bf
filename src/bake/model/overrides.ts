// Matches newOverrides of buildx bake/bake.go: `--set PATTERN.KEY[.NAME][+]=VALUE`.
import { TsbuildxError } from '../../base/errors.ts';
import { matchTargets } from './definition.ts';
import type { Definition } from './target.ts';

/** What `--set` says about one key of a target. */
export interface Override {
  /** `args.NAME` and the like; else the key alone. */
  readonly key: string;
  /** The last value. */
  readonly value: string;
  /** All values, of keys that take several. */
  readonly values: readonly string[];
  /** Whether the values are added to those that are there. */
  readonly appends: boolean;
}

/** The overrides of each target, in the order in which their keys came first. */
export type Overrides = ReadonlyMap<string, readonly Override[]>;

const lists: ReadonlySet<string> = new Set(
  'output cache-to cache-from tags platform secrets ssh attest entitlements annotations policy no-cache-filter ulimits ignore'.split(
    ' ',
  ),
);
const named: ReadonlySet<string> = new Set(['args', 'contexts']);
const namedWithoutAppend: ReadonlySet<string> = new Set(['resources', 'secret']);

/**
 * Throws INVALID_ARGUMENT, NOT_FOUND.
 * @param env gives the values of arguments that have none; undefined: they keep what they were given before, or are empty.
 */
export function readOverrides(
  texts: readonly string[],
  definition: Definition,
  env: ((name: string) => string | undefined) | undefined,
): Overrides {
  const all = new Map<string, Map<string, Override>>();
  for (const text of texts) {
    const { pattern, key, value, appends } = readOverride(text);
    const targets = matchTargets(definition, pattern);
    checkKey(text, key, appends);
    const name = key.join('.');
    for (const target of targets) {
      const own = all.get(target) ?? new Map<string, Override>();
      const before = own.get(name);
      const given = value ?? (env === undefined ? (before?.value ?? '') : env(key[1] ?? ''));
      if (given === undefined) continue;
      const values = lists.has(key[0] ?? '') ? [...(before?.values ?? []), given] : [];
      own.set(name, { key: name, value: given, values, appends: appends && values.length > 0 });
      all.set(target, own);
    }
  }
  return new Map(Array.from(all, ([target, overrides]) => [target, [...overrides.values()]]));
}

interface OverrideText {
  readonly pattern: string;
  readonly key: readonly string[];
  readonly value: string | undefined;
  readonly appends: boolean;
}

function readOverride(text: string): OverrideText {
  const equals = text.indexOf('=');
  const [left, value] = equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
  const appends = left.endsWith('+');
  const path = appends ? left.slice(0, -1) : left;
  const [pattern = '', key, ...rest] = path.split('.');
  if (key === undefined) throw invalid(`invalid override key ${path}, expected target.name`);
  if (value === undefined && key !== 'args') throw invalid(`invalid override ${text}, expected target.name=value`);
  return { pattern, key: rest.length === 0 ? [key] : [key, rest.join('.')], value, appends };
}

function checkKey(text: string, [key = '', name]: readonly string[], appends: boolean): void {
  const left = text.split('=')[0] ?? '';
  if (named.has(key) && name === undefined) throw invalid(`invalid key ${left}, ${key} requires name`);
  if (namedWithoutAppend.has(key)) {
    if (name === undefined) throw invalid(`invalid key ${left}, ${key} requires name`);
    if (appends) throw invalid(`invalid key ${left}, ${key} does not support append`);
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
