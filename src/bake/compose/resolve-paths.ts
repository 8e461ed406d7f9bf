// Matches compose-go paths/resolve.go: paths in a file are relative to its directory.
import { TsbuildxError } from '../../base/errors.ts';
import { isAbsolutePath, joinPath } from '../../base/go-path.ts';
import { listItem, PathTable, type TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, goTypeOf, isMap } from './value.ts';

interface Base {
  readonly directory: string;
  readonly home: string | undefined;
}

type Resolver = (value: ComposeValue, base: Base) => ComposeValue;

/** Changes the model. Throws INVALID_ARGUMENT. */
export function resolvePaths(model: ComposeMap, base: Base): void {
  resolveIn(model, [], base);
}

function resolveIn(value: ComposeValue, path: TreePath, base: Base): ComposeValue {
  const resolver = resolvers.find(path);
  if (resolver !== undefined) return resolver(value, base);
  if (isMap(value)) for (const [key, entry] of value) value.set(key, resolveIn(entry, [...path, key], base));
  if (Array.isArray(value)) return value.map((entry) => resolveIn(entry, [...path, listItem], base));
  return value;
}

const remoteContexts = ['https://', 'http://', 'git://', 'ssh://', 'github.com/', 'git@'];

const contextPath: Resolver = (value, base) => {
  if (typeof value !== 'string') return value;
  const isElsewhere = value.includes('://') || value.startsWith('service:');
  return isElsewhere || remoteContexts.some((prefix) => value.startsWith(prefix)) ? value : plainPath(value, base);
};

const plainPath: Resolver = (value, base) => {
  if (Array.isArray(value)) return value.map((entry) => plainPath(entry, base));
  if (typeof value !== 'string') throw new TsbuildxError('INVALID_ARGUMENT', `unexpected type ${goTypeOf(value)}`);
  const path = expandHome(value, base.home);
  return path === '' || isAbsolutePath(path) ? path : joinPath(base.directory, path);
};

/** A path that may be one of another system, or none at all. */
const maybePath: Resolver = (value, base) => {
  if (typeof value !== 'string') return value;
  const path = expandHome(value, base.home);
  return isAbsolutePath(path) || /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) ? path : joinPath(base.directory, path);
};

function expandHome(path: string, home: string | undefined): string {
  return path.startsWith('~') && home !== undefined ? joinPath(home, path.slice(1)) : path;
}

const mount: Resolver = (value, base) => {
  if (!isMap(value) || value.get('type') !== 'bind') return value;
  const source = value.get('source');
  if (source === undefined) {
    const what = 'invalid mount config for type "bind": field Source must not be empty';
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  return value.set('source', maybePath(source, base));
};

const resolvers: PathTable<Resolver> = new PathTable({
  'services.*.build.context': contextPath,
  'services.*.build.additional_contexts.*': contextPath,
  'services.*.build.ssh.*': maybePath,
  'services.*.env_file.*.path': plainPath,
  'services.*.label_file.*': plainPath,
  'services.*.extends.file': plainPath,
  'services.*.volumes.*': mount,
  'configs.*.file': maybePath,
  'secrets.*.file': maybePath,
});
