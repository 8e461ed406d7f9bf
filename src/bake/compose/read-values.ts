// Values of a compose file in the forms that a file may give them.
import { TsbuildxError } from '../../base/errors.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';

/** The text of an entry; empty when there is none. */
export function textOf(map: ComposeMap, key: string): string {
  const value = map.get(key) ?? null;
  return value === null ? '' : goText(value);
}

export function listOf(value: ComposeValue | undefined): readonly ComposeValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** `key=value` pairs in any form; undefined: only the name is given. Throws INVALID_ARGUMENT. */
export function readPairs(value: ComposeValue | undefined): Map<string, string | undefined> {
  const pairs = new Map<string, string | undefined>();
  if (isMap(value)) for (const [key, entry] of value) pairs.set(key, entry === null ? undefined : goText(entry));
  else {
    for (const entry of listOf(value).map(goText)) {
      const at = entry.indexOf('=');
      const key = at < 0 ? entry : entry.slice(0, at);
      if (/\s$/.test(key))
        throw new TsbuildxError('INVALID_ARGUMENT', `environment variable ${key} is declared with a trailing space`);
      pairs.set(key, at < 0 ? undefined : entry.slice(at + 1));
    }
  }
  return pairs;
}
