// Matches ParseCompose of buildx bake/compose.go: services that are built become targets.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  type AttestSpec,
  canonicalAttest,
  parseAttest,
  parseCaches,
  parseUlimit,
  type SecretEntry,
} from '../../values/index.ts';
import { checkTargetName, sanitizedName } from '../model/definition.ts';
import { type Definition, newTarget, type Target } from '../model/target.ts';
import { readExtraHosts } from './extra-hosts.ts';
import { type ComposeProject, type ComposeService, isExternal } from './project.ts';
import { listOf, readPairs, textOf } from './read-values.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';
import { compareSsh, namedContexts, withExtension } from './x-bake.ts';

/** All services that are built, in one group `default`. Throws INVALID_ARGUMENT. */
export function composeDefinition(project: ComposeProject): Definition {
  if (project.services.length === 0) return { groups: [], targets: [] };
  const targets = project.services.flatMap((service) =>
    service.build === undefined ? [] : [serviceTarget(service, service.build, project)],
  );
  const names = targets.map(({ name }) => name);
  return { groups: [{ name: 'default', description: '', targets: names.length === 0 ? undefined : names }], targets };
}

function serviceTarget(service: ComposeService, build: ComposeMap, project: ComposeProject): Target {
  const name = sanitizedName(service.name);
  try {
    checkTargetName(name);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid service name ${goQuote(name)}: ${why}`, { cause });
  }
  const text = (key: string): string | undefined => textOf(build, key) || undefined;
  const texts = (key: string): readonly string[] | undefined => {
    const value = build.get(key);
    return value === undefined || value === null ? undefined : listOf(value).map(goText);
  };
  const contexts = build.get('additional_contexts');
  const cacheFrom = texts('cache_from');
  const cacheTo = texts('cache_to');
  const ssh = isMap(build.get('ssh')) ? readPairs(build.get('ssh')) : new Map<string, string | undefined>();
  const target = newTarget(name, {
    context: text('context'),
    contexts: contexts === undefined ? undefined : namedContexts(definedValues(readPairs(contexts))),
    dockerfile: text('dockerfile'),
    dockerfileInline: text('dockerfile_inline'),
    tags: texts('tags'),
    labels: definedValues(readPairs(build.get('labels'))),
    args: resolvedArgs(service, build, project),
    cacheFrom: cacheFrom && parseCaches(cacheFrom),
    cacheTo: cacheTo && parseCaches(cacheTo),
    network: text('network'),
    platforms: texts('platforms'),
    ssh: Array.from(ssh, ([id, path]) => ({ id, paths: path ? [path] : [] })).sort(compareSsh),
    secrets: listOf(build.get('secrets')).map((mount) => buildSecret(mount, project)),
    shmSize: shmSize(build.get('shm_size')),
    ulimits: ulimits(build.get('ulimits')),
    extraHosts: readExtraHosts(build.get('extra_hosts')),
    attest: attests(build),
    noCache: build.get('no_cache') === true || undefined,
    pull: build.get('pull') === true || undefined,
  });
  const extended = withExtension(target, build.get('x-bake'));
  const tags = extended.tags?.length || service.image === '' ? extended.tags : [service.image];
  return { ...extended, target: text('target'), tags };
}

/** A value that is not there is empty. */
function definedValues(pairs: ReadonlyMap<string, string | undefined>): Map<string, string> {
  return new Map(Array.from(pairs, ([key, value]) => [key, value ?? '']));
}

/** Arguments without a value have that of the service's variable, else of the environment, else they are none. */
function resolvedArgs(service: ComposeService, build: ComposeMap, { env }: ComposeProject): Target['args'] {
  const args = Array.from(readPairs(build.get('args')), ([name, value]): [string, string | undefined] => [
    name,
    value ?? service.environment.get(name) ?? env.get(name),
  ]);
  const given = args.filter(([, value]) => value !== undefined);
  return args.length === 0 ? undefined : new Map(given);
}

function buildSecret(mount: ComposeValue, { secrets }: ComposeProject): SecretEntry {
  const id = isMap(mount) ? textOf(mount, 'source') : goText(mount);
  const secret: ComposeMap = secrets.get(id) ?? new Map();
  if (isExternal(secret)) {
    throw new TsbuildxError('INVALID_ARGUMENT', `unsupported external secret ${textOf(secret, 'name')}`);
  }
  return { id, src: textOf(secret, 'file'), env: textOf(secret, 'environment') };
}

function attests(build: ComposeMap): AttestSpec[] | undefined {
  const all = ['sbom', 'provenance'].flatMap((type) => {
    const value = textOf(build, type);
    return value === '' ? [] : [parseAttest(canonicalAttest(type, value))];
  });
  return all.length === 0 ? undefined : all;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** In the largest unit that it fills, with four digits. */
function shmSize(value: ComposeValue | undefined): string | undefined {
  const size = typeof value === 'bigint' ? Number(value) : 0;
  if (size <= 0) return undefined;
  const power = Math.min(Math.floor(Math.log2(size) / 10), units.length - 1);
  return `${Number((size / 1024 ** power).toPrecision(4))}${units[power]}`;
}

function ulimits(value: ComposeValue | undefined): string[] | undefined {
  if (!isMap(value)) return undefined;
  return Array.from(value, ([name, limit]) => {
    const [soft, hard] = isMap(limit) ? [textOf(limit, 'soft'), textOf(limit, 'hard')] : [goText(limit), goText(limit)];
    const parsed = parseUlimit(`${name}=${soft || '0'}:${hard || '0'}`);
    return `${name}=${parsed.soft}:${parsed.hard}`;
  }).sort();
}
