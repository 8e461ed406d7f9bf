import { join } from 'node:path';
import { assertNever, TsbuildxError, wrap } from '../base/errors.ts';
import { createClientSteps, newIdentity, type VertexWarning } from '../buildkit/control/index.ts';
import { type DockerConfig, dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import { printCall } from '../dockerfile/calls/index.ts';
import { type LocalFiles, runFrontend } from '../dockerfile/frontend/index.ts';
import { currentCaps } from '../llb/index.ts';
import { buildQuery } from './build-query.ts';
import { anyFeatures, frontendAttributes } from './attributes.ts';
import type { BuildContext } from './build.ts';
import { callOnDaemon, reach, UnreachableError } from './call-on-daemon.ts';
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
  const { signal = new AbortController().signal, onEvent = () => {}, askPassphrase } = context;
  holdContext(options);
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  const events = heldEvents(onEvent);
  try {
    const [choice, source] = chooseFrontend(options, env);
    const forwarded = await openForwarded(options, { askPassphrase, signal });
    await using inputs = await prepareInputs(options, options.cwd ?? process.cwd(), async (url) => {
      await using builder = await openBuilder(buildQuery(options, { config, env }));
      const [node] = builder.nodes;
      await reach(node.control.listWorkers({ signal }));
      events.release({ kind: 'builder', name: node.builder, driver: node.driver });
      return await fetchDockerfile(node, url, { signal, onStatus: events.onStatus });
    });
    const files = rememberedFiles(localFiles(inputs.localDirs, createClientSteps(events.onStatus)));
    const asked = { ...source, ...callAttributes(inputs, request) };
    const here = { options, env, config, choice, asked, inputs, files, onStatus: events.onStatus };
    const metadata = (await callHere(here, signal)) ?? (await callOnDaemon({ ...here, forwarded, events }, { signal }));
    events.release();
    return result(Object.fromEntries(metadata), request, options);
  } catch (error) {
    events.release();
    if (error instanceof UnreachableError) throw error.cause;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to build', withAdvice(error));
  }
}

/** Attributes of the inputs, and those of a call. */
function callAttributes(inputs: BuildInputs, { name }: CallRequest): Record<string, string> {
  const own = Object.fromEntries(inputs.attributes);
  const caps = [own['frontend.caps'], 'moby.buildkit.frontend.subrequests+forward'].filter(Boolean);
  return { ...own, 'frontend.caps': caps.join(','), requestid: `frontend.${name}` };
}

interface CallHere {
  readonly options: BuildOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: DockerConfig;
  readonly choice: FrontendChoice;
  /** Frontend attributes of the call and the inputs. */
  readonly asked: Readonly<Record<string, string>>;
  readonly files: LocalFiles;
  readonly onStatus: ReturnType<typeof heldEvents>['onStatus'];
}

/** Answers from local files; undefined when they are not enough. */
async function callHere(
  { options, env, config, choice, asked, files, onStatus }: CallHere,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | undefined> {
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
    { onWarning: (warning) => warnings.push(warning) },
  );
  try {
    const { metadata } = await runFrontend({ gateway, locals: files }, { signal });
    if (isShort()) return undefined;
    if (warnings.length > 0) onStatus({ vertexes: [], statuses: [], logs: [], warnings });
    return texts(metadata);
  } catch (error) {
    if (isShort()) return undefined;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to solve', error);
  }
}

function texts(metadata: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  return new Map([...metadata].map(([key, value]) => [key, Buffer.from(value).toString()]));
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
