// What the values of flags can be. A flag means the same in every command that has it, but for some.
import { driverNames } from '../../builder/index.ts';
import { allBuilders } from './builder-names.ts';
import { buildTargets } from './build-targets.ts';
import { beginnings, type Completer, directories, files, words, wordsWithCommas } from './completions.ts';

const PLATFORMS = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'linux/arm/v6',
  'linux/386',
  'linux/ppc64le',
  'linux/riscv64',
  'linux/s390x',
  'windows/amd64',
];

const CACHE_TYPES = ['azblob', 'gha', 'local', 'registry', 's3'].map((type) => `type=${type}`);
const RECORD_TYPES = ['exec.cachemount', 'frontend', 'internal', 'regular', 'source.git.checkout', 'source.local'];

const COMPLETERS: Readonly<Record<string, Completer>> = {
  allow: words('network.host', 'security.insecure', 'device', 'buildx.local.delete'),
  attest: beginnings('type=provenance', 'type=sbom'),
  builder: allBuilders,
  'buildkitd-config': files,
  'cache-from': beginnings(...CACHE_TYPES),
  'cache-to': beginnings(...CACHE_TYPES, 'type=inline'),
  call: words('build', 'check', 'outline', 'targets'),
  driver: words(...driverNames),
  file: files,
  filter: beginnings(
    'description~=',
    'id=',
    'immutable=',
    'inuse=',
    'mutable=',
    'parents~=',
    'private=',
    'shared=',
    'until=',
    ...RECORD_TYPES.map((type) => `type=${type}`),
  ),
  frontend: words('client', 'daemon'),
  graph: words('dot', 'json', 'mermaid'),
  iidfile: files,
  'log-dir': directories,
  'metadata-file': files,
  list: words('targets', 'variables', 'type=targets,format=json', 'type=variables,format=json'),
  network: words('default', 'host', 'none'),
  'node-policy': words('first', 'least-busy', 'cache-affinity', 'round-robin'),
  output: beginnings(
    ...['cacheonly', 'docker', 'image', 'local', 'oci', 'registry', 'tar'].map((type) => `type=${type}`),
  ),
  platform: wordsWithCommas(...PLATFORMS),
  progress: words('auto', 'grouped', 'none', 'plain', 'quiet', 'rawjson', 'tty'),
  provenance: words('true', 'false', 'mode=min', 'mode=max'),
  sbom: words('true', 'false'),
  secret: beginnings('id=', 'type=env', 'type=file'),
  ssh: beginnings('default'),
  target: buildTargets,
};

/** By the command too. */
const OWN_COMPLETERS: Readonly<Record<string, Completer>> = {
  'history diff --format': words('pretty', 'json'),
  'history export --output': files,
  'history inspect attachment --type': words('index', 'manifest', 'image', 'provenance', 'sbom'),
  'history logs --progress': words('plain', 'rawjson', 'tty'),
  'history ls --filter': beginnings('completedAt', 'duration', 'ref', 'repository', 'startedAt', 'status'),
  'history report --output': files,
};

/** Undefined for a flag of which nothing is known. */
export function flagCompleter(name: string, command: string): Completer | undefined {
  const own = `${command} --${name}`;
  if (Object.hasOwn(OWN_COMPLETERS, own)) return OWN_COMPLETERS[own];
  return Object.hasOwn(COMPLETERS, name) ? COMPLETERS[name] : undefined;
}
