// Matches frontend/dockerfile/builder/build.go: from the attributes of a build to its result.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { SourcedError } from '../../base/sourced-error.ts';
import type { Definition } from '../../llb/index.ts';
import type { Conversion } from '../convert/index.ts';
import type { LintSink } from '../lint/index.ts';
import { lineRanges, type LineSpan, locationsOf } from '../syntax/index.ts';
import { formatPlatformFully, normalizePlatform, type Platform } from '../../oci/index.ts';
import { parseAttributes } from './attributes.ts';
import { own } from './build-context.ts';
import { runCall } from './calls.ts';
import type { DockerfileSource } from './dockerfile-source.ts';
import type { FrontendResult, Gateway } from './gateway.ts';
import {
  convertPlatform,
  definitionOf,
  type FrontendDeps,
  type FrontendSignal,
  type PreparedFrontend,
  prepareFrontend,
} from './prepare.ts';
import { frontendResult, type PlatformResult } from './result.ts';
import type { Scan } from './sbom.ts';
import { chooseFrontend, forward, isOther } from './syntax-forward.ts';
import { tellWarnings } from './tell-warnings.ts';

/**
 * Does what the stock Dockerfile frontend does: reads the Dockerfile, converts it for each platform, has the daemon solve
 * that. An error with a place in the Dockerfile is a SourcedError (or several, one the cause of the other).
 */
export async function runFrontend(deps: FrontendDeps, { signal }: FrontendSignal): Promise<FrontendResult> {
  const { gateway } = deps;
  const { opts } = gateway.buildOpts;
  const missing = missingCapability(own(opts, 'frontend.caps') ?? '');
  if (missing !== undefined && !missing.mayForward) {
    parseAttributes(gateway.buildOpts, deps.hostPlatform); // what is wrong with them is told first
    throw missing.error;
  }
  const prepared = await prepareFrontend(deps, { signal });
  const { source } = prepared;
  const chosen = chooseFrontend(opts, source.sourceMap.data);
  const other = isOther(chosen) ? chosen : undefined;
  const frontend = isOther(chosen) ? prepared : { ...prepared, isLabs: chosen.isLabs };
  const call = own(opts, 'requestid');
  // The failure of a call is told without lines.
  if (call !== undefined && other === undefined && missing === undefined) {
    return await runCall(frontend, call, { signal });
  }
  try {
    if (other !== undefined) return await forward(gateway, other, { signal });
    if (missing !== undefined) throw missing.error;
    if (!isOther(chosen)) deps.onConversion?.(chosen);
    return await convertAll(frontend, { signal });
  } catch (error) {
    if (other !== undefined && gateway.hasLines?.(error) === true) throw error;
    throw withSources(error, source, other?.lines);
  }
}

async function convertAll(frontend: PreparedFrontend, { signal }: FrontendSignal): Promise<FrontendResult> {
  const { options } = frontend;
  const { hostPlatform } = options.convert;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const warnings = tellWarnings(frontend, { signal: either });
  const platforms = options.targetPlatforms.length === 0 ? [undefined] : options.targetPlatforms;
  try {
    const scan = options.sbom && (await frontend.host.createScanner(options.sbom, { signal: either }));
    const results = await Promise.all(
      // All platforms find the same things, so only one tells them.
      platforms.map((platform, i) =>
        buildPlatform(frontend, platform, i === 0 ? warnings.sink : undefined, scan, { signal: either }),
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
  sink: LintSink | undefined,
  scan: Scan | undefined,
  { signal }: FrontendSignal,
): Promise<PlatformResult> {
  const { gateway, options } = frontend;
  const conversion = await convertPlatform(frontend, asked, sink, { signal });
  const definition = marshalConversion(conversion, gateway);
  const { ref } = await gateway.solve({ definition, cacheImports: options.cacheImports }, { signal });
  const { image, baseImage, epoch } = conversion;
  const id = formatPlatformFully(normalizePlatform(asked ?? options.convert.hostPlatform));
  const attestations = scan === undefined ? [] : [await scan(id, conversion)];
  return { asked, ref, attestations, image, baseImage, epoch };
}

/** The definition of a converted build, for a solve. */
export function marshalConversion(conversion: Conversion, gateway: Gateway): Definition {
  try {
    return definitionOf(conversion, gateway);
  } catch (cause) {
    throw new TsbuildxError('DOCKERFILE', `failed to marshal LLB definition: ${messageOf(cause)}`, { cause });
  }
}

/** The error with the Dockerfile's text around the lines that it is about. */
function withSources(error: unknown, { sourceMap }: DockerfileSource, syntaxLines: LineSpan | undefined): unknown {
  const places = syntaxLines === undefined ? locationsOf(error) : [syntaxLines];
  const { filename, data } = sourceMap;
  let result = error;
  for (const lines of places) {
    const ranges = lineRanges(lines);
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
