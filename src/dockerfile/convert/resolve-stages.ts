// Finds the images that the needed stages start from, and the triggers that these bring.
import { goQuote } from '../../base/go-quote.ts';
import { didYouMean } from '../../base/suggest.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { customName, imageSource, State } from '../../llb/index.ts';
import {
  formatPlatformFully,
  formatReference,
  type NormalizedReference,
  parseNormalizedReference,
  type Platform,
  withDefaultTag,
  withDigest,
} from '../../oci/index.ts';
import { emptyEnv } from '../shell/index.ts';
import { withLocation } from '../syntax/index.ts';
import { findNamedContext, scratchName } from './build-stages.ts';
import { checkBasePlatform } from './checks.ts';
import type { ConvertContext } from './context.ts';
import { decodeImage } from './image-decode.ts';
import { cloneImage, emptyImage, type ImageConfig, imagePlatform } from './image-config.ts';
import { sourceLocation } from './locations.ts';
import { addTriggers } from './onbuild.ts';
import { detectPlatform } from './platforms.ts';
import { StageList, type StageState } from './stage-state.ts';
import { nextStepName } from './step-name.ts';

/** Resolves everything that the target needs; triggers may add to that, so it goes on until nothing is new. */
export async function resolveStages(target: StageState, context: ConvertContext): Promise<ReadonlySet<StageState>> {
  for (;;) {
    const reachable = StageList.reachable(target);
    await resolveBases(reachable, context);
    let isComplete = true;
    for (const stage of reachable) {
      stage.inherit();
      if (addTriggers(stage, context)) isComplete = false;
    }
    if (isComplete) return reachable;
  }
}

/** All look-ups go out at once; the first that fails stops the others. */
async function resolveBases(reachable: ReadonlySet<StageState>, context: ConvertContext): Promise<void> {
  const lookUps: ((signal: AbortSignal) => Promise<void>)[] = [];
  for (const stage of context.stages.stages) {
    const isNeeded = context.options.allStages || reachable.has(stage);
    if (stage.base !== undefined || stage.dispatched || stage.resolved) continue;
    stage.resolved = isNeeded;
    if (stage.baseName === scratchName && stage.namedContext === undefined) startFromScratch(stage, context);
    else lookUps.push((signal) => resolveBase(stage, isNeeded, { ...context, signal }));
  }
  if (lookUps.length <= 1) return lookUps[0]?.(context.signal);
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  try {
    // Of several bases that are wrong the reference nearly always tells the last, because Go starts it first.
    const lastFirst = [...lookUps.slice(-1), ...lookUps.slice(0, -1)];
    await Promise.all(lastFirst.map((start) => start(signal)));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

function startFromScratch(stage: StageState, { targetPlatform }: ConvertContext): void {
  stage.state = State.scratch();
  stage.image = emptyImage(targetPlatform);
  stage.platform = targetPlatform;
  if (stage.unregistered) stage.dispatched = true;
}

async function resolveBase(stage: StageState, isNeeded: boolean, context: ConvertContext): Promise<void> {
  try {
    const name = stage.baseName;
    const reference = parseBase(name);
    stage.baseName = formatReference(reference);
    const platform = stage.platform ?? context.targetPlatform;
    if (!isNeeded) useImage(stage, platform, context);
    else if (stage.namedContext !== undefined) await useStageContext(stage, context);
    else if (!(await useImageContext(stage, platform, context))) {
      await lookUpImage(stage, name, reference, platform, context);
    }
  } catch (error) {
    throw withLocation(error, stage.lines);
  } finally {
    if (stage.unregistered) stage.dispatched = true;
  }
}

function parseBase(name: string): NormalizedReference {
  try {
    return withDefaultTag(parseNormalizedReference(name));
  } catch (error) {
    throw new TsbuildxError('DOCKERFILE', `failed to parse stage name ${goQuote(name)}: ${messageOf(error)}`);
  }
}

/** A named context in place of a whole stage: nothing of the stage is run. */
async function useStageContext(stage: StageState, { signal }: ConvertContext): Promise<void> {
  const loaded = await stage.namedContext?.load({ signal });
  if (loaded === undefined) return;
  stage.dispatched = true;
  stage.state = loaded.state;
  const { image } = loaded;
  if (image === undefined) return;
  stage.image = { ...cloneImage(image), created: undefined };
  if (image.os !== '' && image.architecture !== '') stage.platform = imagePlatform(image);
}

/** A named context in place of an image. False when there is none. */
async function useImageContext(stage: StageState, platform: Platform, context: ConvertContext): Promise<boolean> {
  const replacement = findNamedContext(context, stage.baseName, stage, platform);
  if (replacement === undefined) return false;
  const { state, image = emptyImage(platform) } = await replacement.load({ signal: context.signal });
  useConfig(stage, image);
  stage.state = state.withPlatform(platform);
  stage.platform = platform;
  return true;
}

async function lookUpImage(
  stage: StageState,
  name: string,
  reference: NormalizedReference,
  platform: Platform,
  context: ConvertContext,
): Promise<void> {
  const { options, host, signal, stages } = context;
  const prefix = options.isMultiPlatform ? `[${formatPlatformFully(platform)} internal]` : '[internal]';
  const logName = `${prefix} load metadata for ${stage.baseName}`;
  const request = { logName, platform, resolveMode: options.resolveMode };
  let found: Awaited<ReturnType<typeof host.resolveImage>>;
  try {
    found = await host.resolveImage(stage.baseName, request, { signal });
  } catch (error) {
    const hint = didYouMean(name, [...stages.names, ...commonImageNames], { caseSensitive: true });
    throw new TsbuildxError('DOCKERFILE', `${name}: ${messageOf(error)}${hint}`, { cause: error });
  }
  const image = decodeImage(found.config);
  useConfig(stage, image);
  const isChangeable = stage.platform === undefined && context.isImplicitTarget;
  const actual = isChangeable ? detectPlatform(image, platform, context.buildPlatforms) : platform;
  const resolved = found.ref === stage.baseName ? reference : parseResolved(found.ref);
  const pinned = found.digest === '' ? resolved : withDigest(resolved, found.digest);
  stage.baseName = formatReference(pinned);
  if (isEmptyImage(image)) {
    stage.state = State.scratch();
    stage.platform = actual;
    return;
  }
  useImage(stage, actual, context);
  checkBasePlatform(name, actual, imagePlatform(stage.image), stage.lines, context.lint);
}

function parseResolved(ref: string): NormalizedReference {
  try {
    return parseNormalizedReference(ref);
  } catch (error) {
    throw new TsbuildxError('DOCKERFILE', `failed to parse ref ${goQuote(ref)}: ${messageOf(error)}`);
  }
}

function useConfig(stage: StageState, image: ImageConfig): void {
  stage.baseImage = image;
  stage.image = { ...cloneImage(image), created: undefined };
}

function useImage(stage: StageState, platform: Platform, context: ConvertContext): void {
  const { options } = context;
  const title = nextStepName(stage, `FROM ${stage.baseName}`, platform, emptyEnv);
  stage.state = imageSource(stage.baseName, {
    resolveMode: options.resolveMode,
    platform,
    description: { 'com.docker.dockerfile.v1.command': stage.stage?.from.code ?? '', [customName]: title },
    locations: [sourceLocation(context, stage.lines)],
  });
  stage.platform = platform;
}

/** No layers, and no history of any (old images tell only by that). */
function isEmptyImage({ diffIds, history }: ImageConfig): boolean {
  return (diffIds ?? []).length === 0 && history.every(({ emptyLayer }) => emptyLayer);
}

/** What a mistyped image may have been meant to be. */
const commonImageNames = ['alpine', 'busybox', 'centos', 'debian', 'golang', 'ubuntu', 'fedora'].flatMap((name) => [
  name,
  `docker.io/library${name}`,
  `${name}:latest`,
  `docker.io/library${name}:latest`,
]);
