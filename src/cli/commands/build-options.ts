import { statSync } from 'node:fs';
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import type { BuildOptions, MetadataProvenance } from '../../index.ts';
import { parseBuildContexts } from '../flags/build-context.ts';
import { parseRamBytes } from '../../base/ram-bytes.ts';
import { resolveSources } from '../flags/context-source.ts';
import { parseNodePolicy } from '../flags/node-policy.ts';
import { readSourcePolicy } from '../source-policy.ts';
import { openStdin, readAll } from '../stdin.ts';
import type { BuildFlagValues } from './build-flags.ts';
import type { CommandContext } from './command.ts';
import {
  type CallFlag,
  type OutputEntry,
  addShorthands,
  formatUlimits,
  parseAnnotations,
  parseAttests,
  parseCaches,
  parseCall,
  parseEntitlements,
  parseKeyValues,
  parseOutput,
  parsePlatforms,
  parsePolicy,
  parseResources,
  parseSecrets,
  parseSsh,
  resolveOutputs,
} from '../../values/index.ts';

/** The flags of `build`, read one by one; nothing outside the command line and the environment was looked at. */
export interface ReadBuildFlags {
  readonly flags: BuildFlagValues;
  /** Undefined: build. */
  readonly call: CallFlag | undefined;
  readonly outputs: readonly OutputEntry[];
  /** What needs no more than the flags. */
  readonly options: Omit<BuildOptions, 'context'>;
}

/** Errors: INVALID_ARGUMENT, UNSUPPORTED, IO. */
export async function readBuildFlags(flags: BuildFlagValues, context: CommandContext): Promise<ReadBuildFlags> {
  const { env } = process;
  const buildArgs = parseKeyValues(flags['build-arg'], (name) => env[name]);
  if (env['SOURCE_DATE_EPOCH']) buildArgs['SOURCE_DATE_EPOCH'] ??= env['SOURCE_DATE_EPOCH'];
  const labels = parseKeyValues(flags.label, () => '');
  const sourcePolicy = await readSourcePolicy(env);
  const policies = flags.policy.map(parsePolicy);
  const attests = parseAttests(flags);
  const namedContexts = parseBuildContexts(flags['build-context']);
  const outputs = flags.output.filter((text) => text !== '').map(parseOutput);
  if (flags.iidfile && outputs.some(({ type }) => type === 'local' || type === 'tar')) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'local and tar exporters are incompatible with image ID file');
  }
  const cacheFrom = parseCaches(flags['cache-from']);
  const cacheTo = parseCaches(flags['cache-to']);
  const secrets = parseSecrets(flags.secret);
  const ssh = parseSsh(flags.ssh);
  const call = parseCall(flags.check ? 'check' : (flags.print ?? flags.call));
  return {
    flags,
    call,
    outputs,
    options: {
      builder: context.builder,
      docker: context.invocation.docker,
      node: flags.node || undefined,
      nodePolicy: parseNodePolicy(flags['node-policy']),
      strictPlatform: flags['strict-platform'],
      tags: flags.tag,
      target: flags.target,
      buildArgs,
      labels,
      namedContexts,
      cacheFrom,
      cacheTo,
      pull: flags.pull,
      noCache: flags['no-cache'] || flags['no-cache-filter'],
      network: flags.network,
      addHosts: flags['add-host'],
      shmSize: flags['shm-size'] === undefined ? undefined : parseRamBytes(flags['shm-size']),
      ulimits: formatUlimits(flags.ulimit),
      cgroupParent: flags['cgroup-parent'],
      secrets,
      ssh,
      metadataProvenance: flags['metadata-file'] ? metadataProvenance(env) : 'disabled',
      frontend: parseFrontend(flags.frontend),
      attests,
      policies,
      sourcePolicy,
    },
  };
}

function parseFrontend(text: string | undefined): BuildOptions['frontend'] {
  if (text === undefined || text === 'client' || text === 'daemon') return text;
  throw new TsbuildxError('INVALID_ARGUMENT', `invalid frontend ${JSON.stringify(text)}: use client or daemon`);
}

/** Looks up what the flags name: context, Dockerfile, destinations. Errors: INVALID_ARGUMENT, NOT_FOUND, UNSUPPORTED. */
export async function resolveBuild(read: ReadBuildFlags, contextArgument: string): Promise<BuildOptions> {
  const { flags } = read;
  if (flags['no-cache'] && flags['no-cache-filter'].length > 0) {
    throw new TsbuildxError('INVALID_ARGUMENT', '--no-cache and --no-cache-filter cannot currently be used together');
  }
  const resources = parseResources(flags.resource, flags);
  const fromEnv = process.env['DOCKER_DEFAULT_PLATFORM'];
  const platforms = flags.platform.length > 0 || !fromEnv ? flags.platform : [fromEnv];
  const isDirectory = (path: string): boolean => kindOf(path) === 'directory';
  return {
    ...read.options,
    resources,
    platforms: parsePlatforms(platforms, process),
    outputs: addShorthands(resolveOutputs(read.outputs, { stdout: process.stdout, kindOf }), flags),
    allow: parseEntitlements(flags.allow),
    annotations: parseAnnotations(flags.annotation),
    ...(await resolveSources(contextArgument, flags.file, { isDirectory, openStdin, readAll })),
  };
}

function kindOf(path: string): 'directory' | 'file' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'directory' : 'file';
}

/** BUILDX_METADATA_PROVENANCE: `min`, `max`, `disabled` or a false; anything else is `min`. */
export function metadataProvenance(env: NodeJS.ProcessEnv): MetadataProvenance {
  const value = env['BUILDX_METADATA_PROVENANCE'] ?? '';
  if (value === 'max' || value === 'disabled') return value;
  return parseGoBool(value) === false ? 'disabled' : 'min';
}
