// Matches compose-go override/uncity.go: of several entries of a list that mean one thing the last counts, at the place of the first.
import { TsbuildxError } from '../../base/errors.ts';
import { PathTable, pathText, type TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, goText, goTypeOf, isMap } from './value.ts';
import { volumeTarget } from './volume.ts';

type Indexer = (entry: ComposeValue, path: TreePath) => string;

/** Changes and gives back the model. Throws INVALID_ARGUMENT. */
export function keepLast(model: ComposeMap): ComposeMap {
  keepLastIn(model, []);
  return model;
}

function keepLastIn(value: ComposeMap, path: TreePath): void {
  for (const [key, entry] of value) {
    const entryPath = [...path, key];
    if (isMap(entry)) keepLastIn(entry, entryPath);
    else if (Array.isArray(entry)) value.set(key, uniqueEntries(entry, entryPath));
  }
}

function uniqueEntries(list: ComposeValue[], path: TreePath): ComposeValue[] {
  const indexer = indexers.find(path);
  if (indexer === undefined) return list;
  const byKey = new Map<string, ComposeValue>();
  for (const [at, entry] of list.entries()) byKey.set(indexer(entry, [...path, `[${at}]`]), entry);
  return [...byKey.values()];
}

const byName: Indexer = (entry, path) => {
  if (typeof entry === 'string') return entry.split('=')[0] ?? '';
  throw new TsbuildxError('INVALID_ARGUMENT', `${pathText(path)}: unexpected type ${goTypeOf(entry)}`);
};

const byVolumeTarget: Indexer = (entry, path) => {
  const target = volumeTarget(entry);
  if (target !== undefined) return target;
  throw new TsbuildxError('INVALID_ARGUMENT', `service volume ${pathText(path)} is missing a mount target`);
};

const byDeviceTarget: Indexer = (entry, path) => {
  if (typeof entry === 'string') return entry.split(':')[1] ?? entry;
  const target = isMap(entry) ? entry.get('target') : '';
  if (typeof target === 'string') return target;
  throw new TsbuildxError('INVALID_ARGUMENT', `service device ${pathText(path)} is missing a mount target`);
};

const byPort: Indexer = (entry, path) => {
  if (!isMap(entry)) return typeof entry === 'string' || typeof entry === 'bigint' ? String(entry) : '';
  const target = entry.get('target');
  if (target === undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', `service ports ${pathText(path)} is missing a target port`);
  }
  const part = (name: string, otherwise: string): string => goText(entry.get(name) ?? otherwise);
  return `${part('host_ip', '0.0.0.0')}:${part('published', '')}:${goText(target)}/${part('protocol', 'tcp')}`;
};

const byValue: Indexer = (entry, path) => {
  if (typeof entry === 'string' || typeof entry === 'bigint') return String(entry);
  throw unsupported(entry, path);
};

const byMount = (directory: string): Indexer => {
  return (entry, path) => {
    if (typeof entry === 'string') return `${directory}/${entry}`;
    if (!isMap(entry)) throw unsupported(entry, path);
    const target = entry.get('target');
    return target === undefined ? `${directory}/${goText(entry.get('source') ?? null)}` : goText(target);
  };
};

const byPath: Indexer = (entry, path) => {
  if (typeof entry === 'string') return entry;
  if (!isMap(entry)) return '';
  const file = entry.get('path');
  if (file !== undefined) return goText(file);
  throw new TsbuildxError('INVALID_ARGUMENT', `environment path attribute ${pathText(path)} is missing`);
};

function unsupported(entry: ComposeValue, path: TreePath): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `${pathText(path)}: unsupported expose value ${goText(entry)}`);
}

const serviceIndexers: Readonly<Record<string, Indexer>> = {
  ...Object.fromEntries(
    'annotations build.args build.additional_contexts build.platform build.tags build.labels cap_add cap_drop deploy.labels dns dns_opt dns_search environment labels links networks.*.aliases networks.*.link_local_ips profiles sysctls tmpfs'
      .split(' ')
      .map((name) => [name, byName]),
  ),
  configs: byMount(''),
  devices: byDeviceTarget,
  env_file: byPath,
  expose: byValue,
  ports: byPort,
  secrets: byMount('/run/secrets'),
  volumes: byVolumeTarget,
};

const indexers: PathTable<Indexer> = new PathTable({
  'networks.*.labels': byName,
  'networks.*.ipam.options': byName,
  ...Object.fromEntries(Object.entries(serviceIndexers).map(([name, indexer]) => [`services.*.${name}`, indexer])),
});
