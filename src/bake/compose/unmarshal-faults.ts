// Matches the faults of go.yaml.in/yaml/v3 when it reads `x-bake`, which buildx writes as YAML for that, keys in order.
import { TsbuildxError } from '../../base/errors.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';

/** What a field of `x-bake` may hold; `texts` is a list, or one text. */
export type FieldKind = 'text' | 'texts' | 'bool' | 'map';

/** Characters of a value that is told in full. */
const shownLength = 10;

/** Throws INVALID_ARGUMENT with everything in an extension that is not of its kind, a line each. */
export function checkFields(extension: ComposeValue, kinds: ReadonlyMap<string, FieldKind>): void {
  const faults: string[] = [];
  if (!isMap(extension)) faults.push(fault(1, extension, 'bake.xbake'));
  else {
    let line = 1;
    for (const key of [...extension.keys()].sort()) {
      const value = extension.get(key) ?? null;
      const kind = kinds.get(key);
      if (kind !== undefined && value !== null) faults.push(...fieldFaults(value, kind, line));
      line += 1 + heightBelow(value);
    }
  }
  if (faults.length === 0) return;
  throw new TsbuildxError('INVALID_ARGUMENT', ['yaml: unmarshal errors:', ...faults].join('\n  '));
}

function fieldFaults(value: ComposeValue, kind: FieldKind, line: number): string[] {
  const isNested = isMap(value) || Array.isArray(value);
  const at = line + (heightBelow(value) > 0 && isNested ? 1 : 0);
  switch (kind) {
    case 'bool':
      return typeof value === 'boolean' || wordOf(value) !== undefined ? [] : [fault(at, value, 'bool')];
    case 'text':
      return isNested ? [fault(at, value, 'string')] : [];
    case 'texts': {
      const isRead = Array.isArray(value) ? !value.some(isContainer) : !isMap(value);
      return isRead ? [] : [fault(at, value, 'string')];
    }
    case 'map':
      return isMap(value) ? entryFaults(value, line + 1) : [fault(at, value, 'bake.stringMap')];
    default:
      return kind satisfies never;
  }
}

function entryFaults(map: ComposeMap, first: number): string[] {
  const faults: string[] = [];
  let line = first;
  for (const key of [...map.keys()].sort()) {
    const value = map.get(key) ?? null;
    if (isContainer(value)) faults.push(fault(line + (heightBelow(value) > 0 ? 1 : 0), value, 'string'));
    line += 1 + heightBelow(value);
  }
  return faults;
}

const words = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

/** What a word of YAML 1.1 means where a boolean is wanted. */
export function wordOf(value: ComposeValue): boolean | undefined {
  return typeof value === 'string' ? words.get(value) : undefined;
}

function isContainer(value: ComposeValue): boolean {
  return isMap(value) || Array.isArray(value);
}

function fault(line: number, value: ComposeValue, type: string): string {
  return `line ${line}: cannot unmarshal ${shown(value)} into ${type}`;
}

const tags: ReadonlyMap<string, string> = new Map([
  ['bigint', '!!int'],
  ['number', '!!float'],
  ['boolean', '!!bool'],
]);

function shown(value: ComposeValue): string {
  if (isMap(value)) return '!!map';
  if (Array.isArray(value)) return '!!seq';
  const text = goText(value);
  const tag = tags.get(typeof value) ?? '!!str';
  return `${tag} \`${text.length > shownLength ? `${text.slice(0, shownLength - 3)}...` : text}\``;
}

/** Lines of a value behind the one with its key. */
function heightBelow(value: ComposeValue): number {
  if (isMap(value)) return Array.from(value.values(), (entry) => 1 + heightBelow(entry)).reduce((a, b) => a + b, 0);
  if (Array.isArray(value)) return value.map(itemHeight).reduce((a, b) => a + b, 0);
  if (typeof value !== 'string' || !value.includes('\n')) return 0;
  return value.replace(/\n$/, '').split('\n').length;
}

/** A list or a map begins on the line of its dash. */
function itemHeight(value: ComposeValue): number {
  return isContainer(value) ? Math.max(1, heightBelow(value)) : 1 + heightBelow(value);
}
