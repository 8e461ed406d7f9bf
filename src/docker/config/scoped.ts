// Credentials for single hosts, repositories and actions: `config/HOST[/REPO][@ACTION,…]/config.json` in buildx's
// directory. Matches buildx util/dockerutil/dockerconfig.
import { readdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type DockerConfig, loadDockerConfig } from './load.ts';

export interface ScopedConfigs {
  /** The configuration that fits best; undefined when none does, then the ordinary one counts. */
  find(host: string, scopes: readonly string[]): Promise<DockerConfig | undefined>;
}

/** What the name of a configuration's directory says. */
export interface ScopeKey {
  readonly host: string;
  readonly repository: string;
  readonly actions: ReadonlySet<string>;
}

interface Candidate extends ScopeKey {
  readonly dir: string;
}

/** Actions by resource: `repository:a/b` to `pull`, `push`. */
export type Scopes = ReadonlyMap<string, ReadonlySet<string>>;

/** The directory is read at the first `find`, each configuration at its first use. */
export function createScopedConfigs(buildxDir: string | undefined): ScopedConfigs {
  let candidates: Promise<readonly Candidate[]> | undefined;
  const loaded = new Map<string, Promise<DockerConfig>>();
  return {
    async find(host, scopes) {
      if (buildxDir === undefined) return undefined;
      candidates ??= listCandidates(join(buildxDir, 'config'));
      const wanted = parseScopes(scopes);
      if (wanted.size !== 1) return undefined;
      const [best] = (await candidates)
        .filter((candidate) => candidate.host === host && matchesScopes(candidate, wanted))
        .sort((a, b) => compare(b.repository, a.repository) || b.actions.size - a.actions.size);
      if (best === undefined) return undefined;
      const config = loaded.get(best.dir) ?? loadDockerConfig(best.dir);
      loaded.set(best.dir, config);
      return await config;
    },
  };
}

async function listCandidates(base: string): Promise<Candidate[]> {
  try {
    const names = (await readdir(base, { recursive: true })).sort();
    return names
      .filter((name) => name.endsWith(`${sep}config.json`))
      .map((name) => ({ ...parseScopeKey(dirname(name).replaceAll(sep, '/')), dir: join(base, dirname(name)) }));
  } catch {
    return []; // most often there is no such directory
  }
}

/** Reads `HOST[/REPO][@ACTION,…]`. */
function parseScopeKey(key: string): ScopeKey {
  const at = key.indexOf('@');
  const resource = at < 0 ? key : key.slice(0, at);
  const actions = at < 0 ? [] : key.slice(at + 1).split(',');
  const slash = resource.indexOf('/');
  return {
    host: slash < 0 ? resource : resource.slice(0, slash),
    repository: slash < 0 ? '' : resource.slice(slash + 1),
    actions: new Set(actions.map((action) => action.trim()).filter((action) => action !== '')),
  };
}

function matchesScopes({ repository, actions }: ScopeKey, wanted: Scopes): boolean {
  if (repository === '') {
    return actions.size === 0 || [...wanted.values()].some((allowed) => isSubset(actions, allowed));
  }
  const allowed = wanted.get(`repository:${repository}`);
  return allowed !== undefined && isSubset(actions, allowed);
}

/** Reads scopes of the token protocol: `repository:a/b:pull,push`, several in one text apart by spaces. */
function parseScopes(scopes: readonly string[]): Scopes {
  const out = new Map<string, Set<string>>();
  if (scopes.includes('')) return out;
  for (const scope of scopes.flatMap((text) => text.split(' '))) {
    const [type = '', name, ...rest] = scope.split(':');
    const key = name === undefined ? type : `${type}:${name}`;
    const actions = out.get(key) ?? new Set();
    if (rest.length > 0) for (const action of rest.join(':').split(',')) actions.add(action);
    out.set(key, actions);
  }
  return out;
}

function isSubset(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((action) => whole.has(action));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
