// SOURCE_DATE_EPOCH: seconds, `context`, a named context, or a stage that only ADDs one remote source.
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { customName, type EnvList, gitSource, httpSource, sourcesOf, type State } from '../../llb/index.ts';
import { parseDigest, type Platform } from '../../oci/index.ts';
import type { AddInstruction, ArgInstruction, ParsedDockerfile, Stage } from '../instructions/index.ts';
import { expandWord, type LexOptions } from '../shell/index.ts';
import { withLocation } from '../syntax/index.ts';
import { buildArg, type BuildArgs } from './args.ts';
import { scratchName } from './build-stages.ts';
import { parseGitRef } from './git-ref.ts';
import type { ConvertHost, ConvertOptions } from './options.ts';
import { downloadName, isHttpSource } from './remote-source.ts';

interface EpochContext {
  readonly parsed: ParsedDockerfile;
  readonly env: EnvList;
  readonly lex: LexOptions;
  readonly options: ConvertOptions;
  readonly host: ConvertHost;
  readonly signal: AbortSignal;
  readonly buildPlatforms: readonly Platform[];
}

/** Seconds since the epoch; undefined when there is no time to be had. */
export async function resolveEpoch(value: string, context: EpochContext): Promise<bigint | undefined> {
  if (value === '') return undefined;
  if (/^[+-]?\d+$/.test(value)) {
    const seconds = BigInt(value.replace(/^\+/, ''));
    if (BigInt.asIntN(64, seconds) === seconds) return seconds;
  }
  const { state, logName } = await epochSource(value, context);
  const [source, ...others] = sourcesOf(state);
  if (source === undefined || others.length > 0) return undefined;
  return context.host.sourceTime(source, logName, { signal: context.signal });
}

async function epochSource(value: string, context: EpochContext): Promise<{ state: State; logName: string }> {
  const { host, options, parsed, signal } = context;
  if (value === 'context') {
    const state = await host.mainContext([], { signal });
    return { state, logName: '[internal] resolve main build context metadata' };
  }
  const named = host.namedContext(value, {
    platform: undefined,
    resolveMode: options.resolveMode,
    followPaths: () => [],
  });
  if (named !== undefined) {
    const { state } = await named.load({ signal });
    return { state, logName: `[internal] resolve SOURCE_DATE_EPOCH named context ${value}` };
  }
  const stage = parsed.stages.find(({ from }) => from.stageName !== '' && from.stageName === value.toLowerCase());
  if (stage === undefined) throw failure(`invalid SOURCE_DATE_EPOCH: ${value}`);
  try {
    const state = stageSource(stage, context);
    return { state, logName: `[internal] resolve SOURCE_DATE_EPOCH source stage ${stage.from.stageName}` };
  } catch (error) {
    throw withLocation(error, stage.from.lines);
  }
}

function stageSource({ from, instructions }: Stage, { env: globals, lex, options }: EpochContext): State {
  let env = globals.delete('SOURCE_DATE_EPOCH');
  if (expandBase(from.baseName, env, lex) !== scratchName) {
    throw failure('SOURCE_DATE_EPOCH stage must use FROM scratch');
  }
  let source: State | undefined;
  for (const instruction of instructions) {
    if (instruction.kind === 'arg') env = withArgs(env, instruction, options.buildArgs, lex);
    else if (instruction.kind !== 'add') {
      throw failure(
        `SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported ${instruction.name} instruction`,
      );
    } else if (source !== undefined) throw failure('SOURCE_DATE_EPOCH stage must contain exactly one remote ADD');
    else source = addSource(instruction, env, lex);
  }
  if (source === undefined) throw failure('SOURCE_DATE_EPOCH stage must contain exactly one remote ADD');
  return source;
}

function expandBase(name: string, env: EnvList, lex: LexOptions): string {
  try {
    return expandWord(name, env, lex).result;
  } catch (error) {
    throw wrap('DOCKERFILE', `failed to process source stage base name ${goQuote(name)}`, error);
  }
}

function withArgs(env: EnvList, { args }: ArgInstruction, buildArgs: BuildArgs, lex: LexOptions): EnvList {
  let result = env;
  for (const { key, value: definition } of args) {
    const given = buildArg(buildArgs, key);
    const value = given ?? (definition === undefined ? undefined : expandWord(definition, result, lex).result);
    if (value !== undefined) result = result.set(key, value);
  }
  return result;
}

function addSource(instruction: AddInstruction, env: EnvList, lex: LexOptions): State {
  const [path] = instruction.sources;
  if (path === undefined || instruction.sources.length !== 1 || instruction.contents.length > 0) {
    throw failure('SOURCE_DATE_EPOCH stage must contain exactly one remote ADD source');
  }
  const source = expandWord(path, env, lex).result;
  const checksum = expandWord(instruction.checksum, env, lex).result;
  if (isHttpSource(source)) {
    return httpSource(source, {
      filename: downloadName(source),
      checksum: checksum === '' ? '' : parseDigest(checksum),
      description: { [customName]: '' },
    });
  }
  const git = parseGitRef(source);
  if (git === undefined || git.looksLocal) {
    throw failure('SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD');
  }
  return gitSource(git.remote, {
    ref: git.ref,
    subdir: git.subdir,
    keepGitDir: (instruction.keepGitDir ?? false) || (git.keepGitDir ?? false),
    checksum: instruction.checksum === '' ? git.checksum : checksum,
    skipSubmodules: git.submodules === false,
    mtime: '',
    fetchByCommit: false,
  });
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('DOCKERFILE', message);
}
