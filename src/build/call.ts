import { join } from 'node:path';
import { assertNever, TsbuildxError, wrap } from '../base/errors.ts';
import { createClientSteps, newIdentity, type VertexWarning } from '../buildkit/control/index.ts';
import type { BridgeResult } from '../buildkit/gateway/index.ts';
import { type DockerConfig, dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import { printCall } from '../dockerfile/calls/index.ts';
import { type LocalFiles, runFrontend } from '../dockerfile/frontend/index.ts';
import { currentCaps, type Definition } from '../llb/index.ts';
import { buildQuery } from './build-query.ts';
import { anyFeatures, frontendAttributes } from './attributes.ts';
import type { BuildContext } from './build.ts';
import { askOnDaemon, reach, UnreachableError } from './call-on-daemon.ts';
import type { CallRequest, CallResult } from './call-options.ts';
import { openForwarded } from './forwarded.ts';
import { fetchDockerfile } from './fetch-file.ts';
import { heldEvents } from './held-events.ts';
import { chooseFrontend, type FrontendChoice } from './frontend.ts';
import { withAdvice } from './frontend-refusal.ts';
import { hostPlatform } from './host-platform.ts';
import { openBuilder, proxyBuildArgs } from '../builder/index.ts';
import { type BuildInputs, holdContext, prepareInputs } from './inputs.ts';
import { localFiles } from './local-files.ts';
import { offlineGateway } from './offline-gateway.ts';
import type { BuildOptions } from './options.ts';
import { rememberedFiles } from './remembered-files.ts';

/**
 * Asks the frontend of a build something instead of building: checks the Dockerfile, lists its targets or what a target
 * can be given. A daemon is only asked when that cannot be told from local files, for example for the config of a base
 * image.
 *
 * Errors: as of `build`. A check that finds something does not reject: see the result's `status` and `error`.
 */
export async function call(
  options: BuildOptions,
  request: CallRequest,
  context: BuildContext = {},
): Promise<CallResult> {
  try {
    return await callWith(options, request, noContexts, context);
  } catch (error) {
    // Without a daemon there was nothing that could have failed.
    if (error instanceof UnreachableError) throw error.cause;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to build', withAdvice(error));
  }
}

/** A call with contexts that are given as LLB. Errors: as of `call`, as they are; UnreachableError. */
export async function callWith(
  options: BuildOptions,
  request: CallRequest,
  given: GivenContexts,
  context: BuildContext,
): Promise<CallResult> {
  const asked = {
    options,
    caps: ['moby.buildkit.frontend.subrequests+forward'],
    requestId: `frontend.${request.name}`,
  };
  const { metadata } = await ask(asked, given, context);
  const texts = [...metadata].map(([key, value]) => [key, Buffer.from(value).toString()]);
  return result(Object.fromEntries(texts), request, options);
}

/** Compiles a build for what it tells of itself: nothing of it is solved. All its platforms count. Errors: as of `callWith`. */
export async function compileOnly(
  options: BuildOptions,
  given: GivenContexts,
  context: BuildContext,
): Promise<BridgeResult> {
  return await ask({ options, caps: [], requestId: undefined }, given, context);
}

/** Contexts that are given as LLB, and the attributes that say so. */
export interface GivenContexts {
  readonly attributes: Readonly<Record<string, string>>;
  readonly definitions: ReadonlyMap<string, Definition>;
}

const noContexts: GivenContexts = { attributes: {}, definitions: new Map() };

interface Question {
  readonly options: BuildOptions;
  /** What the frontend must be able to do. */
  readonly caps: readonly string[];
  /** Undefined: it is not asked anything, but to compile. */
  readonly requestId: string | undefined;
}

async function ask(
  { options, caps, requestId }: Question,
  given: GivenContexts,
  { signal = new AbortController().signal, onEvent = () => {}, askPassphrase }: BuildContext,
): Promise<BridgeResult> {
  holdContext(options);
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  const events = heldEvents(onEvent);
  try {
    const [choice, source] = chooseFrontend(options, env);
    const forwarded = await openForwarded(options, { askPassphrase, signal });
    await using own = await prepareInputs(options, options.cwd ?? process.cwd(), async (url) => {
      await using builder = await openBuilder(buildQuery(options, { config, env }));
      const [node] = builder.nodes;
      await reach(node.control.listWorkers({ signal }));
      events.release({ kind: 'builder', name: node.builder, driver: node.driver });
      return await fetchDockerfile(node, url, { signal, onStatus: events.onStatus });
    });
    const inputs = { ...own, definitions: new Map([...own.definitions, ...given.definitions]) };
    const files = rememberedFiles(localFiles(inputs.localDirs, createClientSteps(events.onStatus)));
    const attributes = Object.fromEntries(inputs.attributes);
    const allCaps = [attributes['frontend.caps'], ...caps, given.attributes['frontend.caps']].filter(Boolean);
    const asked = {
      ...source,
      ...attributes,
      ...given.attributes,
      ...(allCaps.length > 0 && { 'frontend.caps': allCaps.join(',') }),
      ...(requestId !== undefined && { requestid: requestId }),
    };
    const here = { options, env, config, choice, asked, inputs, files, onStatus: events.onStatus };
    return (
      (requestId === undefined ? undefined : await callHere(here, signal)) ??
      (await askOnDaemon({ ...here, forwarded, events }, { signal }))
    );
  } finally {
    events.release();
  }
}

interface CallHere {
  readonly options: BuildOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: DockerConfig;
  readonly choice: FrontendChoice;
  /** Frontend attributes of the call and the inputs. */
  readonly asked: Readonly<Record<string, string>>;
  readonly inputs: BuildInputs;
  readonly files: LocalFiles;
  readonly onStatus: ReturnType<typeof heldEvents>['onStatus'];
}

/** Answers from local files; undefined when they are not enough. */
async function callHere(
  { options, env, config, choice, asked, inputs, files, onStatus }: CallHere,
  signal: AbortSignal,
): Promise<BridgeResult | undefined> {
  if (choice.kind !== 'client') return undefined;
  const proxies = await proxyBuildArgs({ flags: options.docker ?? {}, config, env });
  const attributes = frontendAttributes(options, anyFeatures, env, proxies);
  const warnings: VertexWarning[] = [];
  const { gateway, isShort } = offlineGateway(
    {
      opts: { ...Object.fromEntries(attributes), ...asked },
      sessionId: newIdentity(),
      workers: [{ platforms: [hostPlatform()] }],
      llbCaps: currentCaps,
      caps: currentCaps,
    },
    { onWarning: (warning) => warnings.push(warning), inputs: inputs.definitions },
  );
  try {
    const { metadata } = await runFrontend({ gateway, locals: files }, { signal });
    if (isShort()) return undefined;
    if (warnings.length > 0) onStatus({ vertexes: [], statuses: [], logs: [], warnings });
    return { metadata };
  } catch (error) {
    if (isShort()) return undefined;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to solve', error);
  }
}

function result(response: Readonly<Record<string, string>>, request: CallRequest, options: BuildOptions): CallResult {
  const { format = '' } = request;
  const { text, error } = printCall(request.name, response, { format, filename: shownFilename(options) });
  const status = Number.parseInt(response['result.statuscode'] ?? '0', 10);
  return { response, text, error, status: Number.isNaN(status) ? 0 : status };
}

/** The Dockerfile's name as the user knows it; undefined: as the frontend does. */
function shownFilename({ context, dockerfile }: BuildOptions): string | undefined {
  if (dockerfile === undefined) return context.kind === 'local' ? join(context.path, 'Dockerfile') : undefined;
  switch (dockerfile.kind) {
    case 'path':
      return dockerfile.path;
    case 'text':
      return dockerfile.name ?? 'stdin';
    case 'url':
      return dockerfile.url;
    default:
      return assertNever(dockerfile);
  }
}
