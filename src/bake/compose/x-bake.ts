// Matches composeExtTarget of buildx bake/compose.go: what compose cannot say, `x-bake` does.
import { TsbuildxError } from '../../base/errors.ts';
import { parseCaches, parseOutput, parseSecret, parseSsh, type SshEntry } from '../../values/index.ts';
import { uniqueCaches, uniqueOutputs, uniqueSecrets, uniqueSsh } from '../model/merge.ts';
import type { Target } from '../model/target.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';

/** A target with what `x-bake` adds. Throws INVALID_ARGUMENT. */
export function withExtension(target: Target, extension: ComposeValue | undefined): Target {
  if (!isMap(extension)) return target;
  const lines = lineNumbers(extension);
  const read = <T>(key: string, convert: (value: ComposeValue, line: number) => T): T | undefined => {
    const value = extension.get(key);
    return value === undefined || value === null ? undefined : convert(value, lines.get(key) ?? 1);
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
    ignoreFile: read('ignore-file', readText) ?? target.ignoreFile,
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
function readTexts(value: ComposeValue, line: number): readonly string[] {
  if (isMap(value)) throw cannotRead(line, '!!map', 'string');
  if (!Array.isArray(value))
    return goText(value)
      .split(/\s+/)
      .filter((item) => item !== '');
  return value.map((item, at) => {
    if (isMap(item) || Array.isArray(item)) throw cannotRead(line + 1 + at, isMap(item) ? '!!map' : '!!seq', 'string');
    return item === null ? '' : goText(item);
  });
}

function readText(value: ComposeValue, line: number): string {
  if (!isMap(value) && !Array.isArray(value)) return goText(value);
  throw cannotRead(line, isMap(value) ? '!!map' : '!!seq', 'string');
}

function readMap(value: ComposeValue, line: number): ReadonlyMap<string, string> {
  if (isMap(value)) return new Map(Array.from(value, ([name, entry]) => [name, entry === null ? '' : goText(entry)]));
  if (Array.isArray(value)) throw cannotRead(line + 1, '!!seq', 'bake.stringMap');
  throw cannotRead(line, `${tagOf(value)} \`${goText(value)}\``, 'bake.stringMap');
}

function readBool(value: ComposeValue, line: number): boolean {
  if (typeof value === 'boolean') return value;
  throw cannotRead(
    line,
    isMap(value) ? '!!map' : Array.isArray(value) ? '!!seq' : `${tagOf(value)} \`${goText(value)}\``,
    'bool',
  );
}

function tagOf(value: ComposeValue): string {
  if (typeof value === 'bigint') return '!!int';
  return typeof value === 'number' ? '!!float' : '!!str';
}

function cannotRead(line: number, what: string, type: string): TsbuildxError {
  const message = `yaml: unmarshal errors:\n  line ${line}: cannot unmarshal ${what} into ${type}`;
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** Where keys stand when the mapping is written with its keys sorted, which is what errors count. */
function lineNumbers(map: ComposeMap): Map<string, number> {
  const lines = new Map<string, number>();
  let line = 1;
  for (const key of [...map.keys()].sort()) {
    lines.set(key, line);
    line += heightOf(map.get(key) ?? null);
  }
  return lines;
}

function heightOf(value: ComposeValue): number {
  if (Array.isArray(value)) return 1 + value.length;
  return isMap(value) ? 1 + value.size : 1;
}
