// Matches buildx bake/compose.go loadComposeFiles and compose-go loader.ModelToProject: what a build needs of compose files.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { decodeServices } from './decode-services.ts';
import { loadEnvFile } from './dotenv.ts';
import { loadModel } from './load-model.ts';
import { listOf, readPairs, textOf } from './read-values.ts';
import { type ComposeFile, type ComposeSetting, substitution } from './setting.ts';
import { substitute } from './template.ts';
import { validateModel } from './validate.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';
import { parseYaml } from './yaml/documents.ts';

/** A service, as far as a build needs it. */
export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** Undefined: nothing is built. */
  readonly build: ComposeMap | undefined;
  /** With what its env files say. */
  readonly environment: ReadonlyMap<string, string | undefined>;
}

export interface ComposeProject {
  readonly services: readonly ComposeService[];
  readonly secrets: ReadonlyMap<string, ComposeMap>;
  readonly env: ReadonlyMap<string, string>;
}

export interface LoadOptions {
  /** Whether it must be complete; a file that others change may not be. Default true. */
  readonly checked?: boolean;
}

const projectVariable = 'COMPOSE_PROJECT_NAME';

/** Loads files, the later changing the earlier. Throws INVALID_ARGUMENT, NOT_FOUND, IO. */
export function loadProject(
  files: readonly ComposeFile[],
  setting: ComposeSetting,
  { checked = true }: LoadOptions = {},
): ComposeProject {
  const env = new Map(setting.env).set(projectVariable, projectName(files, setting));
  const scope = { setting: { ...setting, env }, directory: '', projectDirectory: '', included: [] };
  const model = onlyBuilds(loadModel(files, scope));
  if (model.size === 0) throw new TsbuildxError('INVALID_ARGUMENT', 'empty compose file');
  validateModel(model);
  decodeServices(mapOf(model.get('services')), setting.onWarning);
  const secrets = new Map([...mapOf(model.get('secrets'))].map(([name, secret]) => [name, mapOf(secret)]));
  const services = [...mapOf(model.get('services'))].map(([name, service]) => ({ name, service: mapOf(service) }));
  if (checked) checkConsistency(services, secrets);
  return {
    services: services.map(({ name, service }) => {
      const build = service.get('build');
      const environment = serviceEnvironment(service, scope.setting);
      return { name, image: goText(service.get('image') ?? ''), build: isMap(build) ? build : undefined, environment };
    }),
    secrets,
    env,
  };
}

/** `name` of the files, else what the environment says. */
function projectName(files: readonly ComposeFile[], setting: ComposeSetting): string {
  let named = '';
  for (const file of files) {
    named = nameOf(file) ?? named;
  }
  return substitute(named, substitution(setting.env, setting)) || setting.env.get(projectVariable) || 'bake';
}

/** What is wrong with a file is told when it is loaded. */
function nameOf(file: ComposeFile): string | undefined {
  let named: string | undefined;
  try {
    for (const { value } of parseYaml(file.data, file.name)) {
      const name = isMap(value) ? value.get('name') : undefined;
      if (typeof name === 'string' && name !== '') named = name;
    }
  } catch {
    // what stands before the fault counts
  }
  return named;
}

const serviceKeys = ['image', 'build', 'environment', 'env_file'] as const;

/** The rest of compose is nothing to a build. */
function onlyBuilds(model: ComposeMap): ComposeMap {
  const result: ComposeMap = new Map();
  const services = model.get('services');
  if (isMap(services)) {
    const kept = [...services].flatMap(([name, service]): [string, ComposeValue][] => {
      if (service !== null && !isMap(service)) return [];
      const entries = serviceKeys.flatMap((key): [string, ComposeValue][] => {
        const value = service?.get(key);
        return value === undefined ? [] : [[key, value]];
      });
      return [[name, new Map(entries)]];
    });
    result.set('services', new Map(kept));
  }
  const secrets = model.get('secrets');
  if (secrets !== undefined) result.set('secrets', secrets);
  return result;
}

function mapOf(value: ComposeValue | undefined): ComposeMap {
  return isMap(value) ? value : new Map();
}

interface NamedService {
  readonly name: string;
  readonly service: ComposeMap;
}

/** Matches compose-go loader/validate.go. */
function checkConsistency(services: readonly NamedService[], secrets: ReadonlyMap<string, ComposeMap>): void {
  const buildOf = (name: string): ComposeValue | undefined =>
    services.find((other) => other.name === name)?.service.get('build');
  const isKnown = (name: string): boolean => services.some((other) => other.name === name);
  for (const { name, service } of services) {
    const build = service.get('build');
    const quoted = goQuote(name);
    if (!isMap(build)) {
      if (textOf(service, 'image') !== '') continue;
      throw invalidProject(`service ${quoted} has neither an image nor a build context specified`);
    }
    if (textOf(build, 'dockerfile') !== '' && textOf(build, 'dockerfile_inline') !== '') {
      throw invalidProject(`service ${quoted} declares mutualy exclusive dockerfile and dockerfile_inline`);
    }
    for (const [context, source] of mapOf(build.get('additional_contexts'))) {
      const target =
        typeof source === 'string' && source.startsWith('service:') ? source.slice('service:'.length) : undefined;
      if (target === undefined || isMap(buildOf(target))) continue;
      const what = isKnown(target) ? 'non-buildable' : 'unknown';
      throw invalid(`service ${quoted} declares ${what} service ${goQuote(target)} as additional contexts ${context}`);
    }
    for (const mount of listOf(build.get('secrets'))) {
      const source = textOf(mapOf(mount), 'source');
      if (!secrets.has(source)) throw invalidProject(`service ${quoted} refers to undefined build secret ${source}`);
    }
  }
  for (const [name, secret] of secrets) {
    if (isExternal(secret) || textOf(secret, 'file') !== '' || textOf(secret, 'environment') !== '') continue;
    throw invalidProject(`secret ${goQuote(name)} must declare either \`file\` or \`environment\``);
  }
}

export function isExternal(secret: ComposeMap): boolean {
  return secret.get('external') === true;
}

function serviceEnvironment(service: ComposeMap, setting: ComposeSetting): Map<string, string | undefined> {
  const own = readPairs(service.get('environment'));
  for (const [name, value] of own) own.set(name, value ?? setting.env.get(name));
  const fromFiles = new Map([...own].filter((entry): entry is [string, string] => entry[1] !== undefined));
  for (const file of listOf(service.get('env_file'))) if (isMap(file)) readEnvFile(file, own, fromFiles, setting);
  return new Map<string, string | undefined>([...fromFiles, ...own]);
}

function readEnvFile(
  file: ComposeMap,
  own: ReadonlyMap<string, string | undefined>,
  into: Map<string, string>,
  setting: ComposeSetting,
): void {
  const path = textOf(file, 'path');
  if (setting.files.kindOf(path) === undefined) {
    const required = file.get('required');
    if (required === false) return;
    throw new TsbuildxError('NOT_FOUND', `env file ${path} not found: stat ${path}: no such file or directory`);
  }
  const format = textOf(file, 'format');
  if (format !== '' && format !== '.env') throw invalid(`unsupported env_file format ${goQuote(format)}`);
  const lookup = (name: string): string | undefined => setting.env.get(name) ?? own.get(name);
  loadEnvFile(path, into, { ...substitution(setting.env, setting), lookup, files: setting.files });
}

function invalidProject(what: string): TsbuildxError {
  return invalid(`${what}: invalid compose project`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
