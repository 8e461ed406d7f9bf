// Matches toBuildOpt of buildx bake/bake.go: a target as the options of a build.
import { statSync } from 'node:fs';
import { isAbsolute, join, posix, resolve } from 'node:path';
import type { Target } from '../../bake/index.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseRamBytes } from '../../base/ram-bytes.ts';
import {
  formatUlimits,
  noLegacyResources,
  parseAnnotations,
  parsePlatforms,
  parseResources,
  resolveOutputs,
} from '../../values/index.ts';
import { openForwarded, sshSpecs } from '../forwarded.ts';
import type { BuildOptions, ContextSource, DockerfileSource, IgnoreRules } from '../options.ts';
import { isRemoteUrl } from '../remote-url.ts';
import type { AskKeyPassphrase } from '../ssh-agents.ts';

/** What turning targets into builds needs of its surroundings. */
export interface TargetSetting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: NodeJS.WriteStream;
  readonly askPassphrase?: AskKeyPassphrase | undefined;
  readonly signal: AbortSignal;
}

/** One target, ready to be built. */
export interface TargetBuild {
  /** With the context as it is built, which is what is printed. */
  readonly target: Target;
  readonly options: BuildOptions;
}

const localPrefix = 'cwd://';

/** Checks all that can be checked without a builder. Errors: INVALID_ARGUMENT, NOT_FOUND, IO. */
export async function targetBuild(target: Target, setting: TargetSetting): Promise<TargetBuild> {
  if (target.context === '-') throw invalid('context from stdin not allowed in bake');
  if (target.dockerfile === '-') throw invalid('dockerfile from stdin not allowed in bake');
  const paths = contextPaths(target, setting);
  const shmSize = target.shmSize === undefined ? undefined : readShmSize(target.shmSize);
  const platforms = parsePlatforms(target.platforms ?? [], process);
  const context: ContextSource = isRemoteUrl(paths.context)
    ? { kind: 'remote', url: paths.context }
    : { kind: 'local', path: paths.context };
  const secrets = target.secrets ?? [];
  const ssh = target.ssh ?? [];
  const { env, cwd } = setting;
  await openForwarded({ context, secrets, ssh, env, cwd }, setting);
  const outputs = resolveOutputs(target.outputs ?? [], {
    stdout: setting.stdout,
    kindOf: (path) => kindOf(resolve(cwd, path)),
  });
  const annotations = readAnnotations(target.annotations ?? []);
  const options: BuildOptions = {
    context,
    dockerfile: dockerfileOf(target, paths.dockerfile),
    ignore: ignoreOf(target, context, setting),
    tags: target.tags,
    outputs,
    annotations,
    target: target.target,
    platforms,
    buildArgs: givenValues(target.args),
    labels: givenValues(target.labels),
    namedContexts: Object.fromEntries(paths.contexts),
    pull: target.pull,
    noCache: target.noCache || (target.noCacheFilter ?? []),
    cacheFrom: target.cacheFrom,
    cacheTo: target.cacheTo,
    network: target.network,
    addHosts: Object.entries(givenValues(target.extraHosts))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([host, ip]) => `${host}=${ip}`),
    shmSize,
    ulimits: formatUlimits(target.ulimits ?? []),
    resources: parseResources(resourceTexts(target), noLegacyResources),
    policies: target.policy,
    allow: target.entitlements,
    attests: target.attest,
    secrets,
    ssh: sshSpecs({ ssh, context }),
    env,
    cwd,
  };
  // where nothing is said, an archive goes to standard output
  const shown = target.outputs?.map((output, at) =>
    outputs[at]?.dest?.kind === 'stream' ? { ...output, dest: '-' } : output,
  );
  return { target: { ...target, context: paths.context, outputs: shown }, options };
}

interface ContextPaths {
  readonly context: string;
  readonly dockerfile: string;
  readonly contexts: readonly (readonly [name: string, path: string])[];
}

function contextPaths(target: Target, { cwd }: TargetSetting): ContextPaths {
  const given = target.context ?? '.';
  const isKept = given.startsWith(localPrefix) || isRemoteUrl(given);
  const context = withoutPrefix(isKept ? given : cleaned(given));
  const file = target.dockerfile ?? 'Dockerfile';
  const isLocalFile = file.startsWith(localPrefix);
  const dockerfile = isLocalFile ? resolve(cwd, file.slice(localPrefix.length)) : cleaned(file);
  const isInContext = !isRemoteUrl(context) && !isAbsolute(dockerfile);
  return {
    context,
    dockerfile: isInContext ? join(context, dockerfile) : dockerfile,
    contexts: Array.from(target.contexts ?? [], ([name, path]) => [name, withoutPrefix(path)] as const),
  };
}

/** A path of this machine, wherever the definition came from. */
function withoutPrefix(path: string): string {
  return path.startsWith(localPrefix) ? cleaned(path.slice(localPrefix.length)) : path;
}

/** As Go's path.Clean. */
function cleaned(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

function dockerfileOf({ dockerfileInline }: Target, path: string): DockerfileSource {
  if (dockerfileInline) return { kind: 'text', text: dockerfileInline, name: 'inline', path };
  return /^https?:\/\//.test(path) ? { kind: 'url', url: path } : { kind: 'path', path };
}

function ignoreOf(
  { name, ignore, ignoreFile }: Target,
  context: ContextSource,
  { cwd }: TargetSetting,
): IgnoreRules | undefined {
  if (ignore === undefined && !ignoreFile) return undefined;
  if (context.kind !== 'local') {
    throw invalid(`target ${name}: ignore and ignore-file are for contexts of this machine, which its context is not`);
  }
  if (ignore?.some((pattern) => /[\r\n]/.test(pattern))) {
    throw invalid(`target ${name}: a pattern of ignore is one line: use several patterns, or ignore-file`);
  }
  return { patterns: ignore ?? [], file: ignoreFile ? inContext(ignoreFile, context.path, cwd) : undefined };
}

/** A path as that of a Dockerfile is read. */
function inContext(path: string, context: string, cwd: string): string {
  if (path.startsWith(localPrefix)) return resolve(cwd, path.slice(localPrefix.length));
  return isAbsolute(path) ? path : join(context, path);
}

function readShmSize(text: string): number {
  try {
    return parseRamBytes(text);
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid value ${text} for membytes key shm-size`, { cause });
  }
}

function readAnnotations(texts: readonly string[]): BuildOptions['annotations'] {
  try {
    return parseAnnotations(texts);
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', messageOf(cause).replace(/^parse annotations: /, ''), { cause });
  }
}

function resourceTexts({ resources = {} }: Target): string[] {
  return Object.entries(resources).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

function givenValues(values: Target['args']): Record<string, string> {
  const given = [...(values ?? [])].filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

function kindOf(path: string): 'directory' | 'file' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'directory' : 'file';
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
