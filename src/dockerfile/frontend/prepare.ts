// From the attributes of a build to what is converted.
import { hash } from 'node:crypto';
import type { Platform } from '../../oci/index.ts';
import {
  type Conversion,
  convertDockerfile,
  type ConvertOptions,
  type Outline,
  outlineDockerfile,
} from '../convert/index.ts';
import { type Definition, marshal } from '../../llb/index.ts';
import type { LintSink } from '../lint/index.ts';
import { type FrontendOptions, parseAttributes } from './attributes.ts';
import { findBuildContext } from './build-context.ts';
import { type DockerfileSource, readDockerfile } from './dockerfile-source.ts';
import type { Gateway, LocalFiles } from './gateway.ts';
import { FrontendHost } from './host.ts';
import type { OwnFrontend } from './syntax-forward.ts';

export interface FrontendDeps {
  readonly gateway: Gateway;
  /** Local contexts that can be read here instead of through the daemon. */
  readonly locals: LocalFiles;
  /** The platform of the machine that builds. Default: the first of the builder. */
  readonly hostPlatform?: Platform | undefined;
  /** Told when the Dockerfile is about to be converted here. */
  readonly onConversion?: ((frontend: OwnFrontend) => void) | undefined;
  /** Gives an id that no other group of steps has. Default: from session, attributes and a count. */
  readonly newId?: (() => string) | undefined;
}

export interface FrontendSignal {
  readonly signal: AbortSignal;
}

/** A frontend that has read the attributes and the Dockerfile. */
export interface PreparedFrontend {
  readonly gateway: Gateway;
  readonly options: FrontendOptions;
  readonly source: DockerfileSource;
  readonly host: FrontendHost;
  /** The labs channel of the frontend was asked for. */
  readonly isLabs: boolean;
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
  return { gateway, options, source, host, isLabs: false };
}

/** Converts for one platform; undefined: the preferred one of the builder. */
export function convertPlatform(
  frontend: PreparedFrontend,
  platform: Platform | undefined,
  sink: LintSink | undefined,
  { signal, allStages = false }: FrontendSignal & { readonly allStages?: boolean },
): Promise<Conversion> {
  const { source, host } = frontend;
  const options = { ...convertOptions(frontend), targetPlatform: platform, allStages };
  return convertDockerfile(source.sourceMap.data, options, host.withSink(sink), { signal });
}

/** The definition of a converted build. */
export function definitionOf({ state, platform }: Conversion, { buildOpts }: Gateway): Definition {
  return marshal(state, { platform, caps: buildOpts.llbCaps });
}

/** What a build of the target can be given. */
export function outlineTarget(
  frontend: PreparedFrontend,
  sink: LintSink,
  { signal }: FrontendSignal,
): Promise<Outline> {
  const { source, host } = frontend;
  return outlineDockerfile(source.sourceMap.data, convertOptions(frontend), host.withSink(sink), { signal });
}

function convertOptions({ gateway, options, source, isLabs }: PreparedFrontend): ConvertOptions {
  const { sourceMap } = source;
  return {
    ...options.convert,
    targetPlatform: undefined,
    allStages: false,
    caps: gateway.buildOpts.llbCaps,
    sourceMap,
    isLabs,
  };
}

/** Ids that no other build has: builds of one session may be shown together. */
function ownIds({ sessionId, opts }: Gateway['buildOpts']): () => string {
  let build: string | undefined;
  let last = 0;
  return () => {
    build ??= hash('sha256', JSON.stringify([sessionId, opts])).slice(0, 16);
    return `${build}-${++last}`;
  };
}
