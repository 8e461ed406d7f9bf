// Matches frontend/dockerfile/builder/build.go: from the attributes of a build to its result.
import { hash } from 'node:crypto';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { SourcedError } from '../../base/sourced-error.ts';
import { marshal } from '../../llb/index.ts';
import { type Conversion, convertDockerfile } from '../convert/index.ts';
import type { LintSink } from '../lint/index.ts';
import { lineRanges, type LineSpan, locationsOf } from '../syntax/index.ts';
import type { Platform } from '../../oci/index.ts';
import { type FrontendOptions, parseAttributes } from './attributes.ts';
import { findBuildContext, own } from './build-context.ts';
import { type DockerfileSource, readDockerfile } from './dockerfile-source.ts';
import type { FrontendResult, Gateway, LocalFiles } from './gateway.ts';
import { FrontendHost } from './host.ts';
import { frontendResult, type PlatformResult } from './result.ts';
import { forward, otherFrontend } from './syntax-forward.ts';
import { tellWarnings } from './tell-warnings.ts';

export interface FrontendDeps {
  readonly gateway: Gateway;
  /** Local contexts that can be read here instead of through the daemon. */
  readonly locals: LocalFiles;
  /** The platform of the machine that builds. Default: the first of the builder. */
  readonly hostPlatform?: Platform | undefined;
  /** Gives an id that no other group of steps has. Default: from session, attributes and a count. */
  readonly newId?: (() => string) | undefined;
}

export interface FrontendSignal {
  readonly signal: AbortSignal;
}

/**
 * Does what the stock Dockerfile frontend does: reads the Dockerfile, converts it for each platform, has the daemon solve
 * that. An error with a place in the Dockerfile is a SourcedError (or several, one the cause of the other).
 */
export async function runFrontend(deps: FrontendDeps, { signal }: FrontendSignal): Promise<FrontendResult> {
  const { gateway } = deps;
  const { opts } = gateway.buildOpts;
  const missing = missingCapability(own(opts, 'frontend.caps') ?? '');
  if (missing !== undefined && !missing.mayForward) throw missing.error;
  const frontend = await prepareFrontend(deps, { signal });
  const { source } = frontend;
  const other = otherFrontend(opts, source.sourceMap.data);
  try {
    if (other !== undefined) return await forward(gateway, other, { signal });
    if (missing !== undefined) throw missing.error;
    return await convertAll(frontend, { signal });
  } catch (error) {
    throw withSources(error, source, other?.lines);
  }
}

/** A frontend that has read the attributes and the Dockerfile. */
export interface PreparedFrontend {
  readonly gateway: Gateway;
  readonly options: FrontendOptions;
  readonly source: DockerfileSource;
  readonly host: FrontendHost;
}

export async function prepareFrontend(deps: FrontendDeps, { signal }: FrontendSignal): Promise<PreparedFrontend> {
  const { gateway, locals } = deps;
  const options = parseAttributes(gateway.buildOpts, deps.hostPlatform);
  const context = await findBuildContext(gateway, { signal });
  const source = await readDockerfile({ gateway, locals, context, signal });
  const host = new FrontendHost({
    gateway,
    locals,
    options,
    context,
    source,
    newId: deps.newId ?? ownIds(gateway.buildOpts),
  });
  return { gateway, options, source, host };
}

/** Converts for one platform; undefined: the preferred one of the builder. */
export function convertPlatform(
  { gateway, options, source, host }: PreparedFrontend,
  platform: Platform | undefined,
  sink: LintSink,
  { signal, allStages = false }: FrontendSignal & { readonly allStages?: boolean },
): Promise<Conversion> {
  const { sourceMap } = source;
  const convertOptions = {
    ...options.convert,
    targetPlatform: platform,
    allStages,
    caps: gateway.buildOpts.llbCaps,
    sourceMap,
  };
  return convertDockerfile(sourceMap.data, convertOptions, host.withSink(sink), { signal });
}

async function convertAll(frontend: PreparedFrontend, { signal }: FrontendSignal): Promise<FrontendResult> {
  const { options } = frontend;
  const { hostPlatform } = options.convert;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const warnings = tellWarnings(frontend, { signal: either });
  const platforms = options.targetPlatforms.length === 0 ? [undefined] : options.targetPlatforms;
  try {
    const results = await Promise.all(
      // All platforms find the same things, so only one tells them.
      platforms.map((platform, i) =>
        buildPlatform(frontend, platform, i === 0 ? warnings.sink : silent, { signal: either }),
      ),
    );
    return frontendResult(results, { isMultiPlatform: options.isMultiPlatform, hostPlatform });
  } catch (error) {
    failed.abort(error);
    throw error;
  } finally {
    await warnings.told();
  }
}

async function buildPlatform(
  frontend: PreparedFrontend,
  asked: Platform | undefined,
  sink: LintSink,
  { signal }: FrontendSignal,
): Promise<PlatformResult> {
  const { gateway, options } = frontend;
  const conversion = await convertPlatform(frontend, asked, sink, { signal });
  const definition = marshalConversion(conversion, gateway);
  const { ref } = await gateway.solve({ definition, cacheImports: options.cacheImports }, { signal });
  const { image, baseImage, epoch } = conversion;
  return { asked, ref, image, baseImage, epoch };
}

/** The definition of a converted build. */
export function marshalConversion({ state, platform }: Conversion, { buildOpts }: Gateway): ReturnType<typeof marshal> {
  try {
    return marshal(state, { platform, caps: buildOpts.llbCaps });
  } catch (cause) {
    throw new TsbuildxError('DOCKERFILE', `failed to marshal LLB definition: ${messageOf(cause)}`, { cause });
  }
}

const silent: LintSink = () => undefined;

/** Ids that no other build has: builds of one session may be shown together. */
function ownIds({ sessionId, opts }: Gateway['buildOpts']): () => string {
  const build = hash('sha256', JSON.stringify([sessionId, opts])).slice(0, 16);
  let last = 0;
  return () => `${build}-${++last}`;
}

/** The error with the Dockerfile's text around the lines that it is about. */
function withSources(error: unknown, { sourceMap }: DockerfileSource, syntaxLines: LineSpan | undefined): unknown {
  const places = syntaxLines === undefined ? locationsOf(error) : [syntaxLines];
  const { filename, data } = sourceMap;
  let result = error;
  for (const lines of places) {
    const ranges = lines.start > 0 ? lineRanges(lines) : [];
    result = new SourcedError('DOCKERFILE', messageOf(error), { filename, data, ranges }, { cause: result });
  }
  return result;
}

const capabilities = new Set(
  ['inputs', 'subrequests', 'contexts', 'gitquerystring'].map((name) => `moby.buildkit.frontend.${name}`),
);

/** What the build needs of its frontend and we have not; another frontend may have it. */
function missingCapability(text: string): { readonly error: TsbuildxError; readonly mayForward: boolean } | undefined {
  let missing: { error: TsbuildxError; mayForward: boolean } | undefined;
  for (const wanted of text === '' ? [] : text.split(',')) {
    const [name = ''] = wanted.split('+', 1);
    if (capabilities.has(name)) continue;
    const error = new TsbuildxError('UNSUPPORTED', `unsupported frontend capability ${name}`);
    missing = { error, mayForward: wanted.includes('+forward') };
    if (!missing.mayForward) return missing;
  }
  return missing;
}
