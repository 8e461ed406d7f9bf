// Matches dockerfile2llb/convert.go: same stages, same steps, same errors.
import { decodeBytes } from '../../base/go-bytes.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { type EnvList, State } from '../../llb/index.ts';
import { normalizePlatform } from '../../oci/index.ts';
import { type ParsedDockerfile, parseInstructions } from '../instructions/index.ts';
import { type CheckConfig, Linter, parseCheckOptions } from '../lint/index.ts';
import type { LexOptions } from '../shell/index.ts';
import { findDirective, parseSyntax } from '../syntax/index.ts';
import { buildArg, metaArgs, platformArgs, proxyFromArgs } from './args.ts';
import { buildStages, linkStages, targetStage } from './build-stages.ts';
import { checkContinuations, checkDefaultBases, checkKeywordCasing, checkStageNames } from './checks.ts';
import type { ConvertContext } from './context.ts';
import { contextPaths, dispatchStages } from './dispatch-stages.ts';
import { resolveEpoch } from './epoch.ts';
import { imagePlatform } from './image-config.ts';
import type { Conversion, ConvertHost, ConvertOptions, SignalOptions } from './options.ts';
import { type Outline, outlineOf } from './outline.ts';
import { choosePlatforms } from './platforms.ts';
import { resolveStages } from './resolve-stages.ts';
import { StageList, type StageState } from './stage-state.ts';

/** Converts a Dockerfile for one platform. Throws DockerfileError, with the lines that are wrong. */
export async function convertDockerfile(
  dockerfile: Uint8Array,
  options: ConvertOptions,
  host: ConvertHost,
  { signal }: SignalOptions,
): Promise<Conversion> {
  const { target, context, buildContext } = await convertStages(dockerfile, options, host, { signal });
  return {
    state: target.state,
    image: target.image,
    baseImage: target.baseImage,
    platform: context.targetPlatform,
    epoch: context.epoch,
    ...scanTargets(target, buildContext),
  };
}

/** What a build of the target can be given. Throws as the conversion does. */
export async function outlineDockerfile(
  dockerfile: Uint8Array,
  options: ConvertOptions,
  host: ConvertHost,
  { signal }: SignalOptions,
): Promise<Outline> {
  const { target, context } = await convertStages(dockerfile, options, host, { signal });
  return outlineOf(target, context.declaredArgs);
}

interface ConvertedStages {
  readonly target: StageState;
  readonly context: ConvertContext;
  readonly buildContext: State;
}

async function convertStages(
  dockerfile: Uint8Array,
  options: ConvertOptions,
  host: ConvertHost,
  { signal }: SignalOptions,
): Promise<ConvertedStages> {
  if (dockerfile.length === 0) throw new TsbuildxError('DOCKERFILE', 'the Dockerfile cannot be empty');
  const text = decodeBytes(dockerfile);
  const lint = new Linter(options.checkConfig ?? checkDirective(text), host.lint);
  const ast = parseSyntax(text);
  checkContinuations(ast.warnings, lint);
  const parsed = parseInstructions(ast, lint);
  if (parsed.stages.length === 0) throw new TsbuildxError('DOCKERFILE', 'dockerfile contains no stages to build');
  checkStageNames(parsed.stages, lint);
  checkKeywordCasing(parsed.stages, lint);

  const context = await startConversion(parsed, { escapeToken: ast.escapeToken }, lint, options, host, signal);
  buildStages(parsed.stages, context);
  const target = targetStage(context);
  linkStages(context);
  const reachable = await resolveStages(target, context);
  const buildContext = await dispatchStages(target, reachable, context);
  finishImage(target, context);
  lint.throwIfViolated();
  const main = await host.mainContext(contextPaths(context.stages.stages), { signal });
  buildContext.resolve(main.output);
  return { target, context, buildContext: State.of(buildContext) };
}

/** The options of a `# check=` line. */
function checkDirective(text: string): CheckConfig {
  try {
    return parseCheckOptions(findDirective('check', text)?.value ?? '');
  } catch (error) {
    throw new TsbuildxError('DOCKERFILE', `failed to parse check options: ${messageOf(error)}`, { cause: error });
  }
}

async function startConversion(
  parsed: ParsedDockerfile,
  lex: LexOptions,
  lint: Linter,
  options: ConvertOptions,
  host: ConvertHost,
  signal: AbortSignal,
): Promise<ConvertContext> {
  const platforms = choosePlatforms(options);
  const [buildPlatform = platforms.targetPlatform] = platforms.buildPlatforms;
  const stageName = options.target || (parsed.stages.at(-1)?.from.stageName ?? '');
  const predefined = platformArgs(buildPlatform, platforms.targetPlatform, stageName, options.buildArgs);
  checkDefaultBases(parsed.stages, parsed.metaArgs, predefined, lex, lint);
  const { env, declared } = metaArgs(predefined, parsed.metaArgs, options.buildArgs, lex);
  const asked = buildArg(options.buildArgs, epochArg) ?? (env.get(epochArg) || undefined);
  const resolving = { parsed, env, lex, options, host, signal, buildPlatforms: platforms.buildPlatforms };
  const epoch = asked === undefined ? undefined : await resolveEpoch(asked, resolving);
  return {
    ...platforms,
    options,
    host,
    signal,
    stages: new StageList(),
    lint,
    lex,
    buildArgs: asked === undefined ? options.buildArgs : withEpochArg(options.buildArgs, epoch),
    globalArgs: asked === undefined ? env : withEpochVariable(env, epoch),
    declaredArgs: declared,
    epoch,
    proxy: proxyFromArgs(options.buildArgs),
  };
}

const epochArg = 'SOURCE_DATE_EPOCH';

/** A build argument that named a source of the time becomes the time itself, or goes. */
function withEpochArg(args: ConvertOptions['buildArgs'], epoch: bigint | undefined): ConvertOptions['buildArgs'] {
  if (!Object.hasOwn(args, epochArg)) return args;
  const { [epochArg]: _, ...others } = args;
  return epoch === undefined ? others : { ...others, [epochArg]: String(epoch) };
}

function withEpochVariable(env: EnvList, epoch: bigint | undefined): EnvList {
  if (!env.has(epochArg)) return env;
  return epoch === undefined ? env.delete(epochArg) : env.set(epochArg, String(epoch));
}

/** Labels of the caller, and the platform that was asked for. */
function finishImage({ image }: StageState, context: ConvertContext): void {
  const { options, targetPlatform: target } = context;
  for (const [key, value] of Object.entries(options.labels)) image.config.labels.set(key, value);
  if (!context.isImplicitTarget) {
    const isSame = target.os === image.os && target.architecture === image.architecture;
    image.os = target.os;
    image.architecture = target.architecture;
    if (target.variant || !isSame) image.variant = target.variant ?? '';
    if (target.osVersion || !isSame) image.osVersion = target.osVersion ?? '';
    if (target.osFeatures !== undefined) image.osFeatures = target.osFeatures;
  }
  const normal = normalizePlatform(imagePlatform(image));
  image.os = normal.os;
  image.architecture = normal.architecture;
  image.variant = normal.variant ?? '';
  image.osVersion = normal.osVersion ?? '';
  image.osFeatures = normal.osFeatures ?? [];
}

function scanTargets(target: StageState, buildContext: State): Pick<Conversion, 'isIgnoreCache' | 'sbomExtras'> {
  const sbomExtras = new Map<string, State>();
  let isIgnoreCache = target.ignoreCache;
  if (target.scanContext) sbomExtras.set('context', buildContext);
  for (const stage of StageList.reachable(target)) {
    if (stage === target || !stage.scanStage) continue;
    sbomExtras.set(stage.name, stage.state);
    if (stage.ignoreCache) isIgnoreCache = true;
  }
  return { isIgnoreCache, sbomExtras };
}
