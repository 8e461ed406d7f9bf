// Matches the command line of buildx commands/bake.go.
import { statSync } from 'node:fs';
import { delimiter } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { BakeOptions } from '../../index.ts';
import { type CallFlag, canonicalAttest, parseCall, parsePolicy } from '../../values/index.ts';
import { type Entitlements, parseAllowed } from '../../bake/entitlements/index.ts';
import type { BakeFlagValues } from './bake-flags.ts';
import type { CommandContext } from './command.ts';

/** The flags and arguments of `bake`, read. */
export interface ReadBakeFlags {
  readonly options: BakeOptions;
  readonly allowed: Entitlements;
  /** Undefined: build, or as each target says. */
  readonly call: CallFlag | undefined;
}

/** Errors: INVALID_ARGUMENT, IO. */
export async function readBakeFlags(flags: BakeFlagValues, context: CommandContext): Promise<ReadBakeFlags> {
  const { builder, invocation } = context;
  const words = await readWords(context.args);
  const call = parseCall(flags.check ? 'check' : flags.call);
  const policy = readPolicy(flags.policy);
  const allowed = parseAllowed(flags.allow);
  const fromEnv = flags.file.length > 0 ? undefined : filesOfEnvironment(process.env);
  return {
    call,
    allowed,
    options: {
      builder,
      docker: invocation.docker,
      files: fromEnv ?? flags.file,
      isFileFromEnv: fromEnv !== undefined,
      ...words,
      overrides: [...flags.set, ...shorthands(flags, call), ...policy.overrides],
      variables: flags.var,
      envFiles: flags['env-file'].length > 0 ? flags['env-file'] : undefined,
      isPolicyDisabled: policy.isDisabled,
    },
  };
}

/** `[URL [URL]] TARGET…`: where definitions are, and what `BAKE_CMD_CONTEXT` says. */
async function readWords(args: readonly string[]): Promise<Pick<BakeOptions, 'remote' | 'commandContext' | 'targets'>> {
  const [first, second] = args;
  // most names are plain words
  if (first === undefined || /^[\w*?.-]*$/.test(first)) return { targets: args };
  const { isRemoteUrl } = await import('../../build/index.ts');
  if (!isRemoteUrl(first)) return { targets: args };
  if (second === undefined || !isRemoteUrl(second)) return { remote: first, targets: args.slice(1) };
  return { remote: first, commandContext: second, targets: args.slice(2) };
}

/** What the other flags say of all targets. */
function shorthands(flags: BakeFlagValues, call: CallFlag | undefined): string[] {
  const { 'no-cache': noCache, pull, sbom, provenance } = flags;
  return [
    ...(flags.push ? ['*.push=true'] : []),
    ...(flags.load ? ['*.load=true'] : []),
    ...(call === undefined ? [] : [`*.call=${call.name}`]),
    ...(noCache === undefined ? [] : [`*.no-cache=${noCache}`]),
    ...(pull === undefined ? [] : [`*.pull=${pull}`]),
    ...(sbom ? [`*.attest=${canonicalAttest('sbom', sbom)}`] : []),
    ...(provenance ? [`*.attest=${canonicalAttest('provenance', provenance)}`] : []),
  ];
}

function readPolicy(texts: readonly string[]): { readonly overrides: readonly string[]; readonly isDisabled: boolean } {
  const configs = texts.map(parsePolicy);
  for (const { files, reset, disabled, strict, logLevel } of configs) {
    if (files.length > 0) {
      throw invalid('--policy does not accept filename; define policy files in the bake definition');
    }
    if (reset) throw invalid('--policy does not accept reset; define policy composition in the bake definition');
    if (!disabled) continue;
    if (strict !== undefined || logLevel !== undefined || configs.length > 1) {
      throw invalid('disabled policy cannot be combined with other policy flags');
    }
    return { overrides: [], isDisabled: true };
  }
  return { overrides: texts.map((text) => `*.policy+=${text}`), isDisabled: false };
}

/** What $BUILDX_BAKE_FILE names; undefined: nothing. */
function filesOfEnvironment(env: NodeJS.ProcessEnv): string[] | undefined {
  const text = env['BUILDX_BAKE_FILE'];
  if (text === undefined) return undefined;
  const names = text.split(env['BUILDX_BAKE_PATH_SEPARATOR'] || delimiter).map((name) => name.trim());
  const files = names.filter((name) => name !== '');
  for (const name of files) if (name !== '-') checkExists(name);
  return files.length > 0 ? files : undefined;
}

function checkExists(path: string): void {
  try {
    statSync(path);
  } catch (error) {
    throw new TsbuildxError('NOT_FOUND', messageOf(error), { cause: error });
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
