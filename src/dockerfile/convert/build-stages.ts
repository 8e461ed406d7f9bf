// From FROM lines to stage states, and which stage needs which.
import { compareUtf8 } from '../../base/go-json.ts';
import { goQuote } from '../../base/go-quote.ts';
import { didYouMean } from '../../base/suggest.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parsePlatform, type Platform } from '../../oci/index.ts';
import type { Instruction, Stage } from '../instructions/index.ts';
import type { Linter } from '../lint/index.ts';
import { emptyEnv, expandWord, type WordExpansion } from '../shell/index.ts';
import { DockerfileError, noLines, withLocation } from '../syntax/index.ts';
import { expandTelling } from './expand-word.ts';
import { checkCircles, checkFromArgs, checkFromPlatform } from './checks.ts';
import type { ConvertContext } from './context.ts';
import type { NamedContext } from './options.ts';
import { type StageCommand, StageState } from './stage-state.ts';

/** The name of the empty image. */
export const scratchName = 'scratch';

/** Makes the states of all stages, with their bases expanded and named contexts in place. */
export function buildStages(stages: readonly Stage[], context: ConvertContext): void {
  for (const [index, stage] of stages.entries()) buildStage(stage, index, context);
}

function buildStage(stage: Stage, index: number, context: ConvertContext): void {
  const { options, host, stages } = context;
  const { stageName, lines } = stage.from;
  const lint = context.lint.withComments(stage.from.comments);
  const { result: baseName, matched } = expandBase(stage, context, lint);
  const state = new StageState({
    stage,
    baseName,
    name: stageName,
    lines,
    prefixPlatform: options.isMultiPlatform,
  });
  const used = new Set(matched);
  if (stage.from.platform !== '') state.platform = expandPlatform(stage, context, lint, used);
  const replacement = stageName === '' ? undefined : findNamedContext(context, stageName, state, state.platform);
  stages.add(state);
  if (replacement !== undefined) {
    state.namedContext = replacement;
    state.base = undefined;
    return;
  }
  for (const name of used) state.parameters.used.add(name);
  if (stageName === '') state.name = `stage-${index}`;
  const pullsBase = baseName !== scratchName && state.base === undefined;
  state.stepTotal = (pullsBase ? 1 : 0) + stage.instructions.filter(makesStep).length;
  state.ignoreCache = host.isNoCache(stageName);
}

/** The context given in place of a stage or image of this name. */
export function findNamedContext(
  { options, host }: ConvertContext,
  name: string,
  user: StageState,
  platform: Platform | undefined,
): NamedContext | undefined {
  if (/^(scratch|context)$/i.test(name)) return undefined;
  return host.namedContext(name, {
    platform: platform ?? options.targetPlatform,
    resolveMode: options.resolveMode,
    followPaths: () => usedPaths(user.paths),
  });
}

/** Sorted and relative; none when everything is used. */
export function usedPaths(paths: ReadonlySet<string>): string[] {
  if (paths.has('/')) return [];
  return [...paths].map((path) => path.slice(1)).sort(compareUtf8);
}

function makesStep({ kind }: Instruction): boolean {
  return kind === 'add' || kind === 'copy' || kind === 'run' || kind === 'workdir';
}

function expandBase(stage: Stage, context: ConvertContext, lint: Linter): WordExpansion {
  const { baseName, lines } = stage.from;
  try {
    const expansion = expandTelling(baseName, context.globalArgs, context.lex, (unmatched) =>
      checkFromArgs(unmatched, context.declaredArgs, context.globalArgs, lines, lint),
    );
    if (expansion.result === '') throw new TsbuildxError('DOCKERFILE', `base name (${baseName}) should not be blank`);
    return expansion;
  } catch (error) {
    throw withLocation(error, lines);
  }
}

/** Adds the names of the variables in it to `used`. */
function expandPlatform(stage: Stage, context: ConvertContext, lint: Linter, used: Set<string>): Platform {
  const { globalArgs, declaredArgs, lex } = context;
  const { platform, lines } = stage.from;
  const fail = (message: string): DockerfileError => new DockerfileError(message, [lines]);
  let expansion: WordExpansion;
  try {
    expansion = expandTelling(platform, globalArgs, lex, (unmatched) =>
      checkFromArgs(unmatched, declaredArgs, globalArgs, lines, lint),
    );
  } catch (error) {
    throw fail(`failed to process arguments for platform : ${messageOf(error)}`);
  }
  for (const name of expansion.matched) used.add(name);
  checkFromPlatform(stage, expansion, globalArgs, lint);
  const hints = [...expansion.unmatched].map((name) => didYouMean(name, globalArgs.keys(), { caseSensitive: true }));
  const hint = hints.find((text) => text !== '') ?? '';
  if (expansion.result === '') throw fail(`empty platform value from expression ${platform}${hint}`);
  try {
    return parsePlatform(expansion.result, context.options.hostPlatform);
  } catch (error) {
    throw new DockerfileError(`failed to parse platform ${platform}: ${messageOf(error)}${hint}`, [lines, lines]);
  }
}

/** Finds out which stages and images the instructions take files from. */
export function linkStages(context: ConvertContext): void {
  const { stages } = context;
  // Images that instructions copy from join the list meanwhile; they have no instructions.
  for (const stage of stages.stages.slice()) {
    stage.commands = (stage.stage?.instructions ?? []).map((instruction) => {
      const command = linkCommand(instruction, context, []);
      addDependencies(stage, command, context);
      return command;
    });
  }
  checkCircles(stages.stages);
  const [only, ...more] = stages.stages;
  if (only !== undefined && more.length === 0) only.name = '';
}

export function addDependencies(stage: StageState, command: StageCommand, { stages }: ConvertContext): void {
  for (const source of command.sources) {
    stage.deps.set(source, command.instruction);
    if (source.unregistered) stages.add(source);
  }
}

/** `triggeredBy`: the images whose ONBUILD led to this instruction. */
export function linkCommand(
  instruction: Instruction,
  context: ConvertContext,
  triggeredBy: readonly string[],
): StageCommand {
  const isOnbuild = triggeredBy.length > 0;
  if (instruction.kind === 'copy' && instruction.from !== '') {
    const source = copyStage(instruction.from, context) ?? imageStage(instruction.from, instruction.lines, triggeredBy);
    return { instruction, sources: [source], isOnbuild };
  }
  if (instruction.kind === 'run') {
    const names = instruction.mounts.map(({ from }) => from || scratchName);
    const sources = names.map((name) => context.stages.find(name) ?? imageStage(name, noLines, triggeredBy));
    return { instruction, sources, isOnbuild };
  }
  return { instruction, sources: [], isOnbuild };
}

function imageStage(baseName: string, lines: StageState['lines'], triggeredBy: readonly string[]): StageState {
  return new StageState({ baseName, lines, triggeredBy });
}

function copyStage(from: string, { lex, stages }: ConvertContext): StageState | undefined {
  if (expandWord(from, emptyEnv, lex).result !== from) {
    throw new TsbuildxError(
      'DOCKERFILE',
      'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
    );
  }
  if (!isInteger(from)) return stages.find(from);
  const stage = stages.stages[Number(from)];
  if (stage === undefined)
    throw new TsbuildxError('DOCKERFILE', `invalid stage index ${BigInt(from.replace(/^\+/, ''))}`);
  return stage;
}

/** What Go's strconv.Atoi takes. */
function isInteger(text: string): boolean {
  if (!/^[+-]?\d+$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value;
}

export function targetStage({ stages, options }: ConvertContext): StageState {
  const { target } = options;
  const found = target === '' ? stages.stages.at(-1) : stages.find(target);
  if (found !== undefined) return found;
  const hint = didYouMean(target, stages.names, { caseSensitive: true });
  throw new TsbuildxError('DOCKERFILE', `target stage ${goQuote(target)} could not be found${hint}`);
}
