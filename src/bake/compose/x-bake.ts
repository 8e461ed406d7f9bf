// Matches composeExtTarget of buildx bake/compose.go: what compose cannot say, `x-bake` does.
import { parseCaches, parseOutput, parseSecret, parseSsh, type SshEntry } from '../../values/index.ts';
import { uniqueCaches, uniqueOutputs, uniqueSecrets, uniqueSsh } from '../model/merge.ts';
import type { Target } from '../model/target.ts';
import { checkFields, type FieldKind, wordOf } from './unmarshal-faults.ts';
import { type ComposeValue, goText, isMap } from './value.ts';

const kinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ...['tags', 'cache-from', 'cache-to', 'secret', 'ssh', 'platforms', 'output', 'no-cache-filter'].map(
    (key): [string, FieldKind] => [key, 'texts'],
  ),
  ['pull', 'bool'],
  ['no-cache', 'bool'],
  ['contexts', 'map'],
  ['ignore', 'texts'],
  ['ignore-file', 'text'],
]);

/** A target with what `x-bake` adds. Throws INVALID_ARGUMENT. */
export function withExtension(target: Target, extension: ComposeValue | undefined): Target {
  if (extension === undefined || extension === null) return target;
  checkFields(extension, kinds);
  const read = <T>(key: string, convert: (value: ComposeValue) => T): T | undefined => {
    const value = isMap(extension) ? extension.get(key) : undefined;
    return value === undefined || value === null ? undefined : convert(value);
  };
  const texts = (key: string): readonly string[] => read(key, readTexts) ?? [];
  const joined = <T>(base: readonly T[] | undefined, added: readonly T[]): readonly T[] | undefined =>
    added.length === 0 ? base : [...(base ?? []), ...added];
  const unique = (base: readonly string[] | undefined, key: string): readonly string[] | undefined => {
    const added = texts(key);
    return added.length === 0 ? base : [...new Set([...(base ?? []), ...added])];
  };
  const contexts = read('contexts', readMap);
  const ssh = parseSsh(texts('ssh'));
  return {
    ...target,
    tags: unique(target.tags, 'tags'),
    cacheFrom: uniqueCaches(joined(target.cacheFrom, parseCaches(texts('cache-from')))),
    cacheTo: uniqueCaches(joined(target.cacheTo, parseCaches(texts('cache-to')))),
    secrets: uniqueSecrets(joined(target.secrets, entries(texts('secret'), parseSecret))),
    ssh: ssh.length === 0 ? target.ssh : uniqueSsh([...(target.ssh ?? []), ...ssh])?.toSorted(compareSsh),
    platforms: unique(target.platforms, 'platforms'),
    outputs: uniqueOutputs(joined(target.outputs, entries(texts('output'), parseOutput))),
    pull: read('pull', readBool) ?? target.pull,
    noCache: read('no-cache', readBool) ?? target.noCache,
    noCacheFilter: unique(target.noCacheFilter, 'no-cache-filter'),
    ignore: read('ignore', readTexts) ?? target.ignore,
    ignoreFile: read('ignore-file', goText) ?? target.ignoreFile,
    contexts:
      contexts === undefined ? target.contexts : new Map([...namedContexts(contexts), ...(target.contexts ?? [])]),
  };
}

function entries<T>(texts: readonly string[], parse: (text: string) => T): T[] {
  return texts.filter((text) => text !== '').map(parse);
}

export function compareSsh(a: SshEntry, b: SshEntry): number {
  const keyOf = ({ id, paths }: SshEntry): string => [id, ...paths].join('\0');
  return keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) !== keyOf(b));
}

/** Other services are other targets. */
export function namedContexts(contexts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    Array.from(contexts, ([name, value]) => {
      const match = /^(?:service|target):(.*)$/s.exec(value);
      return [name, match === null ? value : `target:${(match[1] ?? '').replaceAll('.', '_')}`];
    }),
  );
}

/** A list, or one text with blanks between its items. */
function readTexts(value: ComposeValue): readonly string[] {
  if (Array.isArray(value)) return value.map((item) => (item === null ? '' : goText(item)));
  return goText(value)
    .split(/\s+/)
    .filter((item) => item !== '');
}

function readMap(value: ComposeValue): ReadonlyMap<string, string> {
  const entries = isMap(value) ? [...value] : [];
  return new Map(entries.map(([name, entry]) => [name, entry === null ? '' : goText(entry)]));
}

function readBool(value: ComposeValue): boolean | undefined {
  return typeof value === 'boolean' ? value : wordOf(value);
}
