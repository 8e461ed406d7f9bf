// Matches compose-go transform/canonical.go: the long form of everything that has a short one.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { parsePorts } from './ports.ts';
import { listItem, PathTable, pathText, type TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, goText, goTypeOf, isMap } from './value.ts';
import { parseVolume } from './volume.ts';

type Transformer = (value: ComposeValue, path: TreePath) => ComposeValue;

/** Changes and gives back the model. Throws INVALID_ARGUMENT. */
export function toCanonical(model: ComposeMap): ComposeMap {
  return transformEntries(model, []);
}

function transform(value: ComposeValue, path: TreePath): ComposeValue {
  const transformer = transformers.find(path);
  if (transformer !== undefined) return transformer(value, path);
  if (isMap(value)) return transformEntries(value, path);
  return Array.isArray(value) ? transformItems(value, path) : value;
}

function transformEntries(map: ComposeMap, path: TreePath): ComposeMap {
  for (const [key, value] of map) map.set(key, transform(value, [...path, key]));
  return map;
}

function transformItems(list: ComposeValue[], path: TreePath): ComposeValue[] {
  return list.map((item) => transform(item, [...path, listItem]));
}

function wrongType(value: ComposeValue, path: TreePath, what: string): TsbuildxError {
  return invalid(`${pathText(path)}: invalid type ${goTypeOf(value)}${what}`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** A mapping, or a text that stands for one entry of it. */
const shortFor = (key: string, what: string): Transformer => {
  return (value, path) => {
    if (isMap(value)) return transformEntries(value, path);
    if (typeof value === 'string') return new Map([[key, value]]);
    throw wrongType(value, path, ` for ${what}`);
  };
};

const service: Transformer = (value, path) => (isMap(value) ? transformEntries(value, path) : value);

const listOfText: Transformer = (value) => (typeof value === 'string' ? [value] : value);

const text: Transformer = (value) => goText(value);

const names: Transformer = (value) =>
  Array.isArray(value) ? new Map(value.map((name) => [goText(name), null])) : value;

const mount: Transformer = (value, path) => {
  if (isMap(value)) return value;
  if (typeof value === 'string') return new Map([['source', value]]);
  throw invalid(`${pathText(path)}: unsupported type ${goTypeOf(value)}`);
};

const keyValues: Transformer = (value, path) => {
  if (isMap(value)) return value;
  if (!Array.isArray(value)) throw wrongType(value, path, '');
  return new Map(
    value.map((item): [string, ComposeValue] => {
      const entry = goText(item);
      const at = entry.indexOf('=');
      if (at < 0) throw invalid(`${pathText(path)}: invalid value ${entry}, expected key=value`);
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
};

const dependencies: Transformer = (value, path) => {
  const defaults = (): ComposeMap =>
    new Map<string, ComposeValue>([
      ['condition', 'service_started'],
      ['required', true],
    ]);
  if (Array.isArray(value)) return new Map(value.map((name) => [goText(name), defaults()]));
  if (!isMap(value)) throw wrongType(value, path, ' for depend_on');
  for (const [name, entry] of value) {
    if (!isMap(entry)) throw invalid(`${pathText(path)}.${name}: unsupported value ${goText(value)}`);
    for (const [key, fallback] of defaults()) if (!entry.has(key)) entry.set(key, fallback);
  }
  return value;
};

const envFiles: Transformer = (value, path) => {
  if (typeof value === 'string') return [envFile(value)];
  if (Array.isArray(value)) return value.map(envFile);
  throw wrongType(value, path, ' for env_file');
};

function envFile(value: ComposeValue): ComposeValue {
  if (typeof value === 'string')
    return new Map<string, ComposeValue>([
      ['path', value],
      ['required', true],
    ]);
  if (!isMap(value)) return null;
  if (!value.has('required')) value.set('required', true);
  return value;
}

const gpus: Transformer = (value, path) => {
  if (Array.isArray(value)) return transformItems(value, path);
  if (typeof value === 'string') return [new Map([['count', 'all']])];
  throw wrongType(value, path, ' for gpus');
};

const volume: Transformer = (value, path) => {
  if (isMap(value)) return value;
  if (typeof value === 'string') return parseVolume(value);
  throw wrongType(value, path, ' for service volume mount');
};

const device: Transformer = (value, path) => {
  if (isMap(value)) return value;
  if (typeof value !== 'string') throw wrongType(value, path, ' for service volume mount');
  const parts = value.split(':');
  const [source = '', target = source, permissions = 'rwm'] = parts;
  if (parts.length > 3) throw invalid(`confusing device mapping, please use long syntax: ${value}`);
  return new Map([
    ['source', source],
    ['target', target || source],
    ['permissions', permissions],
  ]);
};

const ports: Transformer = (value, path) => {
  if (!Array.isArray(value)) throw wrongType(value, path, ' for port');
  return value.flatMap((entry): ComposeValue[] => {
    if (isMap(entry)) return [entry];
    if (typeof entry === 'string' || typeof entry === 'bigint') return parsePorts(String(entry));
    throw wrongType(entry, path, ' for port');
  });
};

const sshKeys: Transformer = (value, path) => {
  if (isMap(value)) return value;
  if (!Array.isArray(value)) throw wrongType(value, path, ' for ssh');
  return new Map(
    value.map((entry): [string, ComposeValue] => {
      if (typeof entry !== 'string') throw invalid(`invalid ssh key type ${goTypeOf(entry)}`);
      const at = entry.indexOf('=');
      if (at >= 0) return [entry.slice(0, at), entry.slice(at + 1)];
      if (entry === 'default') return [entry, null];
      throw invalid(`invalid ssh key ${goQuote(entry)}`);
    }),
  );
};

const limits: Transformer = (value, path) => {
  if (isMap(value) || typeof value === 'bigint') return value;
  throw wrongType(value, path, ' for external');
};

const maybeExternal: Transformer = (value, path) => {
  if (value === null) return null;
  if (!isMap(value)) throw invalid(`${pathText(path)} must be a mapping`);
  transformEntries(value, path);
  const external = value.get('external');
  if (!isMap(external)) return value;
  value.set('external', true);
  const [name, old] = [value.get('name'), external.get('name')];
  if (old === undefined) return value;
  if (name !== undefined && name !== old) {
    throw invalid(`${pathText(path)}: name and external.name conflict; only use name`);
  }
  value.set('name', old);
  return value;
};

const transformers: PathTable<Transformer> = new PathTable({
  'services.*': service,
  'services.*.build.secrets.*': mount,
  'services.*.build.provenance': text,
  'services.*.build.sbom': text,
  'services.*.build.additional_contexts': keyValues,
  'services.*.depends_on': dependencies,
  'services.*.env_file': envFiles,
  'services.*.label_file': listOfText,
  'services.*.extends': shortFor('service', 'extends'),
  'services.*.gpus': gpus,
  'services.*.networks': names,
  'services.*.models': names,
  'services.*.volumes.*': volume,
  'services.*.dns': listOfText,
  'services.*.devices.*': device,
  'services.*.secrets.*': mount,
  'services.*.configs.*': mount,
  'services.*.ports': ports,
  'services.*.build': shortFor('context', 'build'),
  'services.*.build.ssh': sshKeys,
  'services.*.ulimits.*': limits,
  'services.*.build.ulimits.*': limits,
  'services.*.develop.watch.*.ignore': listOfText,
  'services.*.develop.watch.*.include': listOfText,
  'volumes.*': maybeExternal,
  'networks.*': maybeExternal,
  'secrets.*': maybeExternal,
  'configs.*': maybeExternal,
  'include.*': shortFor('path', 'external'),
});
