// Matches compose-go override/merge.go: how a later file changes an earlier one, and a service the one that it extends.
import { TsbuildxError } from '../../base/errors.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { PathTable, pathText, type TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, deepCopy, goText, isMap } from './value.ts';

type Merger = (base: ComposeValue, over: ComposeValue, path: TreePath) => ComposeValue;

/** A service of any name: what is merged into it follows the rules of services. */
export const anyService: TreePath = ['services', 'x'];

/** `base` is changed and given back. Throws INVALID_ARGUMENT. */
export function mergeModels(base: ComposeMap, over: ComposeMap): ComposeMap {
  return mergeMaps(base, over, []);
}

export function mergeValues(base: ComposeValue, over: ComposeValue, path: TreePath): ComposeValue {
  const special = specials.find(path);
  if (special !== undefined) return special(base, over, path);
  if (over === null) return base;
  if (isMap(base)) {
    if (isMap(over)) return mergeMaps(base, over, path);
    throw cannotOverride(path);
  }
  if (!Array.isArray(base)) return over;
  if (Array.isArray(over)) return [...base, ...over];
  throw cannotOverride(path);
}

function mergeMaps(base: ComposeMap, over: ComposeMap, path: TreePath): ComposeMap {
  for (const [key, value] of over) {
    const before = base.get(key);
    base.set(key, before === undefined ? value : mergeValues(before, value, [...path, key]));
  }
  return base;
}

function cannotOverride(path: TreePath): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `cannot override ${pathText(path)}`);
}

const replace: Merger = (_, over) => over;

const joinLists: Merger = (base, over) => [...asList(base), ...asList(over)];

const mergeHosts: Merger = (base, over) => {
  const hosts = asList(base);
  return [...hosts, ...asList(over).filter((host) => !hosts.includes(host))];
};

const mergeBuild: Merger = (base, over, path) => mergeMaps(asBuild(base), asBuild(over), path);

function asBuild(value: ComposeValue): ComposeMap {
  if (typeof value === 'string') return new Map([['context', value]]);
  return isMap(value) ? value : new Map();
}

const mergeDependencies: Merger = (base, over, path) => {
  const started = (): ComposeMap =>
    new Map<string, ComposeValue>([
      ['condition', 'service_started'],
      ['required', true],
    ]);
  return mergeMaps(asNames(base, started), asNames(over, started), path);
};

const mergeNames: Merger = (base, over, path) => mergeMaps(asNames(base, nothing), asNames(over, nothing), path);

function nothing(): null {
  return null;
}

const mergeLogging: Merger = (base, over, path) => {
  if (!isMap(base) || !isMap(over)) return over;
  const [before, after] = [base.get('driver'), over.get('driver')];
  return before === after || before === undefined || after === undefined ? mergeMaps(base, over, path) : over;
};

const mergeIpam: Merger = (base, over, path) => {
  if (!Array.isArray(base) || !Array.isArray(over)) throw cannotOverride(path);
  const merged: ComposeMap[] = [];
  for (const original of base.filter(isMap)) {
    for (const changed of over.filter(isMap)) {
      const subnet = changed.get('subnet');
      const at = (value: ComposeValue | undefined): number =>
        merged.findIndex((entry) => entry.get('subnet') === value);
      if (subnet !== original.get('subnet') && at(subnet) < 0) {
        merged.push(changed);
        continue;
      }
      const both = mergeMaps(deepCopy(original), changed, path);
      const index = at(both.get('subnet'));
      if (index >= 0) merged[index] = both;
      else merged.push(both);
    }
  }
  return merged;
};

/** A mapping as the `key=value` list that it stands for, sorted. */
function asList(value: ComposeValue): ComposeValue[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [value];
  if (!isMap(value)) return [];
  const entries = [...value].flatMap(([key, item]): string[] => {
    if (item === null) return [key];
    return (Array.isArray(item) ? item : [item]).map((single) => `${key}=${goText(single)}`);
  });
  return entries.sort(compareUtf8);
}

function asNames(value: ComposeValue, entry: () => ComposeValue): ComposeMap {
  if (isMap(value)) return value;
  return new Map((Array.isArray(value) ? value : []).map((name) => [goText(name), entry()]));
}

const specials: PathTable<Merger> = new PathTable<Merger>({
  'networks.*.ipam.config': mergeIpam,
  'networks.*.labels': joinLists,
  'volumes.*.labels': joinLists,
  'services.*.annotations': joinLists,
  'services.*.build': mergeBuild,
  'services.*.build.args': joinLists,
  'services.*.build.additional_contexts': joinLists,
  'services.*.build.extra_hosts': mergeHosts,
  'services.*.build.labels': joinLists,
  'services.*.command': replace,
  'services.*.depends_on': mergeDependencies,
  'services.*.deploy.labels': joinLists,
  'services.*.dns': joinLists,
  'services.*.dns_opt': joinLists,
  'services.*.dns_search': joinLists,
  'services.*.entrypoint': replace,
  'services.*.env_file': joinLists,
  'services.*.label_file': joinLists,
  'services.*.environment': joinLists,
  'services.*.extra_hosts': mergeHosts,
  'services.*.healthcheck.test': replace,
  'services.*.labels': joinLists,
  'services.*.volumes.*.volume.labels': joinLists,
  'services.*.logging': mergeLogging,
  'services.*.models': mergeNames,
  'services.*.networks': mergeNames,
  'services.*.sysctls': joinLists,
  'services.*.tmpfs': joinLists,
  'services.*.ulimits.*': replace,
});
