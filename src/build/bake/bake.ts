// Matches runBake of buildx commands/bake.go, as far as it needs no builder: files to a definition.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import {
  bakeGraph,
  type BakeFile,
  type BakeGraphFormat,
  type BakeSetting,
  formatBakeGraph,
  type Grants,
  type Group,
  listTargets,
  listVariables,
  type ListRequest,
  parseFiles,
  parseList,
  printDefinition,
  readEnvFiles,
  readOverrides,
  resolveTargets,
  type Target,
} from '../../bake/index.ts';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import { openBuilder } from '../../builder/index.ts';
import { createClientSteps, type SolveStatus } from '../../buildkit/control/index.ts';
import { dockerConfigDir, loadDockerConfig } from '../../docker/config/index.ts';
import { cut, type PolicyConfig } from '../../values/index.ts';
import type { EventReader } from '../events.ts';
import { isGitOverSsh } from '../forwarded.ts';
import { hostPlatform } from '../host-platform.ts';
import type { BuildOptions, DockerOptions } from '../options.ts';
import { isRemoteUrl } from '../remote-url.ts';
import type { AskKeyPassphrase } from '../ssh-agents.ts';
import { localFileReader } from './file-reader.ts';
import { readLocalFiles } from './local-files.ts';
import { bakeQuery } from './bake-query.ts';
import { inRepository } from './remote-context.ts';
import { gitAuthSecrets, gitHost, type RemoteDefinition, readRemoteFiles } from './remote-files.ts';
import { targetBuild } from './target-options.ts';

/** Which definitions, and what of them. */
export interface BakeOptions {
  /** Definition files; `-` is `stdin`. Default: the files that are there of those with a usual name. */
  readonly files?: readonly string[] | undefined;
  /** Default: $BUILDX_BAKE_FILE named them. */
  readonly isFileFromEnv?: boolean | undefined;
  /** Names and patterns of targets and groups. Default: `default`. */
  readonly targets?: readonly string[] | undefined;
  /** `PATTERN.KEY=VALUE`, as `--set` takes them. */
  readonly overrides?: readonly string[] | undefined;
  /** `NAME=VALUE`: variables, before those of the environment. */
  readonly variables?: readonly string[] | undefined;
  /** Env files; their variables stand behind those of the environment. Default: `.env`, for compose files only. */
  readonly envFiles?: readonly string[] | undefined;
  /** A git repository or a file of a web server that has the definitions; `files` are then files of it, `cwd://…` local ones. */
  readonly remote?: string | undefined;
  /** What `BAKE_CMD_CONTEXT` says: the working directory, `cwd://`, or a URL. */
  readonly commandContext?: string | undefined;
  /** No policy is enforced for any target. */
  readonly isPolicyDisabled?: boolean | undefined;
  readonly builder?: string | undefined;
  readonly docker?: DockerOptions | undefined;
  /** Default: the process's. */
  readonly stdin?: Readable | undefined;
  readonly stdout?: NodeJS.WriteStream | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
}

export interface BakeContext {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: EventReader | undefined;
  /** Asks for the passphrase of a key that a target names. Default: such keys are refused. */
  readonly askPassphrase?: AskKeyPassphrase | undefined;
}

/** Targets, complete and checked. */
export interface BakeDefinition {
  readonly groups: ReadonlyMap<string, Group>;
  readonly targets: ReadonlyMap<string, Target>;
  /** The options of each target's build. */
  readonly builds: ReadonlyMap<string, BuildOptions>;
  /** What `overrides` allow by naming it. */
  readonly grants: Grants;
  /** As `--print` prints it. */
  toJson(): string;
  /** As `--graph` prints it: groups, targets, and what they are made of. */
  toGraph(format: BakeGraphFormat): string;
}

/**
 * Reads definition files, and gives the targets that are asked for with all they inherit.
 * Errors: INVALID_ARGUMENT (with the place in a file where there is one), NOT_FOUND, IO.
 */
export async function bake(options: BakeOptions = {}, context: BakeContext = {}): Promise<BakeDefinition> {
  const { signal = new AbortController().signal, askPassphrase } = context;
  const env = options.env ?? process.env;
  const { files, repository, archive } = await readDefinitions(options, context);
  const setting = bakeSetting(options, context);
  const { definition } = await parseFiles(files, setting);
  const lookUp = isEnvironmentVisible(env) ? (name: string) => setting.env.get(name) : undefined;
  const overrides = readOverrides(options.overrides ?? [], definition, lookUp);
  const { targets, groups, grants } = resolveTargets(definition, defaultNames(options.targets), overrides);
  const complete = new Map<string, Target>();
  const builds = new Map<string, BuildOptions>();
  const { cwd = process.cwd(), stdout = process.stdout, builder, docker } = options;
  for (const [name, target] of targets) {
    const adjusted = withEpoch(options.isPolicyDisabled ? { ...target, policy: noPolicy } : target, env);
    const settings = { env, cwd, stdout, askPassphrase, signal };
    const build = await buildFrom({ repository, archive }, adjusted, settings);
    if (repository !== undefined || archive !== undefined) refuseLocalDockerfile(target, cwd);
    const { contexts, secrets, ssh } = adjusted;
    complete.set(name, { ...build.target, contexts, secrets, ssh });
    builds.set(name, { ...build.options, builder, docker });
  }
  return {
    groups,
    targets: complete,
    builds,
    grants,
    toJson: () => printDefinition(groups, complete),
    toGraph: (format) => formatBakeGraph(bakeGraph(definition, { groups, targets }), format),
  };
}

async function buildFrom(
  { repository, archive }: Pick<RemoteDefinition, 'repository' | 'archive'>,
  target: Target,
  setting: Parameters<typeof targetBuild>[1],
): ReturnType<typeof targetBuild> {
  if (repository !== undefined) return await targetBuild(fromRepository(target, repository, setting.env), setting);
  if (archive === undefined) return await targetBuild(target, setting);
  const { buildFromArchive, inArchive } = await import('./archive-target.ts');
  const placed = inArchive(target, archive);
  return buildFromArchive(await targetBuild(placed.target, setting), target, placed);
}

/** A Dockerfile of the repository for a context of this machine: nobody has both. Throws UNSUPPORTED. */
function refuseLocalDockerfile({ context = '.', dockerfile = 'Dockerfile' }: Target, cwd: string): void {
  const isLocalContext = context.startsWith('cwd://') && !dockerfile.startsWith('cwd://');
  if (!isLocalContext || isRemoteUrl(dockerfile)) return;
  if (!existsSync(resolve(cwd, context.slice('cwd://'.length), dockerfile))) return;
  const message = 'reading a dockerfile for a remote build invocation is currently not supported';
  throw new TsbuildxError('UNSUPPORTED', message);
}

/** A target of a repository: what it reads there may need the token that the definition needed. */
function fromRepository(target: Target, repository: string, env: BakeOptions['env'] & {}): Target {
  const placed = inRepository(target, repository);
  const host = gitHost(repository);
  const isSameHost = host !== undefined && gitHost(placed.context ?? '')?.toLowerCase() === host.toLowerCase();
  const secrets = isSameHost ? [...(target.secrets ?? []), ...gitAuthSecrets(repository, env)] : target.secrets;
  // what lies in a repository may come with submodules of the same kind
  const needsAgent = isGitOverSsh(repository) && !target.ssh?.length;
  return { ...placed, secrets, ssh: needsAgent ? [{ id: 'default', paths: [] }] : target.ssh };
}

const noPolicy: readonly PolicyConfig[] = [{ files: [], disabled: true }];

/** What `--list` prints: all targets, or all variables. Errors as those of `bake`. */
export async function listBake(request: string, options: BakeOptions = {}, context: BakeContext = {}): Promise<string> {
  const { files } = await readDefinitions(options, context);
  const { definition, variables } = await parseFiles(files, bakeSetting(options, context));
  const { type, format }: ListRequest = parseList(request);
  return type === 'targets' ? listTargets(definition, format) : listVariables(variables, format);
}

function defaultNames(names: readonly string[] = []): readonly string[] {
  return names.length > 0 ? names : ['default'];
}

async function readDefinitions(options: BakeOptions, context: BakeContext): Promise<RemoteDefinition> {
  const { remote, files = [], cwd = process.cwd() } = options;
  if (remote === undefined) {
    return { files: found(await readFiles(options, context, files)), repository: undefined, archive: undefined };
  }
  const { signal = new AbortController().signal, onEvent = () => {} } = context;
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  await using builder = await openBuilder(bakeQuery(options, { config, env }));
  const [node] = builder.nodes;
  const onStatus = (status: SolveStatus): void => void onEvent({ kind: 'status', status });
  await node.connect({ signal, onStatus });
  const names = files.filter((name) => !name.startsWith(localPrefix));
  const onWarning = (message: string): void => void onEvent({ kind: 'warning', message });
  const there = await readRemoteFiles(node, remote, names, { env, cwd, signal, onStatus, onWarning });
  const local = files.filter((name) => name.startsWith(localPrefix));
  const here = local.length === 0 ? [] : await readFiles(options, context, local);
  return { ...there, files: found([...there.files, ...here]) };
}

function found(files: BakeFile[]): BakeFile[] {
  if (files.length > 0) return files;
  throw new TsbuildxError('NOT_FOUND', "couldn't find a bake definition");
}

const localPrefix = 'cwd://';

async function readFiles(
  options: BakeOptions,
  { onEvent = () => {} }: BakeContext,
  files: readonly string[],
): Promise<BakeFile[]> {
  const { cwd = process.cwd(), stdin = process.stdin } = options;
  const steps = createClientSteps((status) => onEvent({ kind: 'status', status }));
  const origin = options.isFileFromEnv ? ' from BUILDX_BAKE_FILE env' : '';
  const names = files.map((name) => name.replace(/^cwd:\/\//, ''));
  return await readLocalFiles(names, { cwd, stdin, steps, origin });
}

function bakeSetting(options: BakeOptions, { onEvent = () => {} }: BakeContext): BakeSetting {
  const env = options.env ?? process.env;
  const cwd = options.cwd ?? process.cwd();
  const setting: BakeSetting = {
    files: localFileReader(cwd),
    cwd,
    env: visibleEnvironment(env),
    variables: readVariables(options.variables ?? []),
    builtins: new Map([
      ['BAKE_CMD_CONTEXT', options.commandContext ?? 'cwd://'],
      ['BAKE_LOCAL_PLATFORM', localPlatform()],
    ]),
    envFiles: options.envFiles,
    isFileRelative: isFileRelative(env),
    isRemote: isRemoteUrl,
    functions: {
      now: () => Date.now() / 1000,
      random: randomBytes,
      homeDirectory: env['HOME'] ?? homedir(),
    },
    onWarning: (message) => void onEvent({ kind: 'warning', message }),
  };
  if (options.envFiles === undefined) return setting;
  return { ...setting, env: new Map([...readEnvFiles(options.envFiles, setting), ...setting.env]) };
}

function isEnvironmentVisible(env: Readonly<Record<string, string | undefined>>): boolean {
  return parseGoBool(env['BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP'] ?? '') !== true;
}

/** The variables that files may see. */
function visibleEnvironment(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  if (!isEnvironmentVisible(env)) return new Map();
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Map(set);
}

/** Throws INVALID_ARGUMENT. */
function readVariables(texts: readonly string[]): Map<string, string> {
  return new Map(
    texts
      .filter((text) => text !== '')
      .map((text) => {
        const [name, value] = cut(text);
        const what = `invalid variable ${goQuote(text)}`;
        if (value === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `${what}, expected key=value`);
        if (name === '') throw new TsbuildxError('INVALID_ARGUMENT', `${what}, key is empty`);
        return [name, value];
      }),
  );
}

/** Throws INVALID_ARGUMENT. */
function isFileRelative(env: Readonly<Record<string, string | undefined>>): boolean {
  const name = 'BUILDX_BAKE_FILE_RELATIVE_PATHS';
  const text = (env[name] ?? '').trim();
  if (text === '') return false;
  const parsed = parseGoBool(text);
  if (parsed !== undefined) return parsed;
  const why = new Error(`strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
  throw wrap('INVALID_ARGUMENT', `failed to parse ${name} value ${goQuote(text)}`, why);
}

function localPlatform(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const { architecture, variant } = hostPlatform();
  const ofArm = architecture === 'arm64' ? 'v8' : variant;
  return [os, architecture, ofArm].filter((part) => part !== undefined).join('/');
}

/** Every target has $SOURCE_DATE_EPOCH that has none of its own. */
function withEpoch(target: Target, env: Readonly<Record<string, string | undefined>>): Target {
  const epoch = env['SOURCE_DATE_EPOCH'];
  if (!epoch || target.args?.has('SOURCE_DATE_EPOCH')) return target;
  return { ...target, args: new Map([...(target.args ?? []), ['SOURCE_DATE_EPOCH', epoch]]) };
}
