import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import { type BuilderNode, openNode } from '../builder/index.ts';
import { nodeIdentifier, openStateDir, saveLocalState } from '../builder/store/index.ts';
import type {
  ControlClient,
  SolveRequest,
  SolveStatus,
  VertexWarning,
  WorkerRecord,
} from '../buildkit/control/index.ts';
import { type DockerConfig, dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import { entitlements, frontendAttributes, type NodeFeatures } from './attributes.ts';
import { type BuildCaches, noCaches } from './build-caches.ts';
import { type ClientSteps, createClientSteps, now } from './client-steps.ts';
import { daemonCaps } from './daemon-caps.ts';
import { onOwnClock } from './daemon-clock.ts';
import type { BuildEvent, EventReader } from './events.ts';
import { exportTargets } from './export-targets.ts';
import { prefersImageDigest } from './exporters.ts';
import { fetchDockerfile } from './fetch-file.ts';
import { nodeFeatures } from './features.ts';
import { openForwarded } from './forwarded.ts';
import { chooseFrontend, failureOf, runChosenFrontend } from './frontend.ts';
import { withAdvice } from './frontend-refusal.ts';
import { gitAttributes } from './git-attributes.ts';
import { newIdentity } from './identity.ts';
import { type BuildInputs, prepareInputs } from './inputs.ts';
import { checkLocalDelete } from './local-delete.ts';
import { layoutOutputs } from './layout-outputs.ts';
import { localFiles } from './local-files.ts';
import type { BuildOptions } from './options.ts';
import { recordedProvenance } from './provenance.ts';
import { planOutputs } from './plan-outputs.ts';
import { proxyBuildArgs } from './proxy-args.ts';
import type { BuildResult } from './result.ts';
import { openSession } from './session.ts';
import { solve } from './solve.ts';
import type { AskKeyPassphrase } from './ssh-agents.ts';
import { toldOnce } from './told-once.ts';
import { showsProvenance } from './witness.ts';

export interface BuildContext {
  /** Cancels the build on the daemon; the promise then rejects with code CANCELED. */
  readonly signal?: AbortSignal | undefined;
  /** Called synchronously, in order. While a promise that it gives is pending, the daemon keeps its news. */
  readonly onEvent?: EventReader | undefined;
  /** Asks for the passphrase of a key that `ssh` names. Default: such keys are refused. */
  readonly askPassphrase?: AskKeyPassphrase | undefined;
}

/**
 * Builds a Dockerfile on a BuildKit daemon.
 *
 * Errors: INVALID_ARGUMENT and NOT_FOUND (options, context), UNSUPPORTED, TRANSPORT (no daemon, or it was lost),
 * RPC_FAILED (a step failed; the chain of causes has an RpcError with the step and its place in the Dockerfile),
 * CANCELED.
 */
export async function build(options: BuildOptions, context: BuildContext = {}): Promise<BuildResult> {
  const { signal = new AbortController().signal, onEvent = () => {}, askPassphrase } = context;
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  if (config.warning !== undefined) onEvent({ kind: 'warning', message: config.warning });
  await using node = await openNode({ builder: options.builder, flags: options.docker ?? {}, config, env });
  const connecting = node.control.listWorkers({ signal });
  let unreachable: unknown;
  connecting.catch((reason: unknown) => {
    unreachable = reason;
  });
  try {
    return await buildOn(node, { options, env, config, connecting, signal, onEvent, askPassphrase });
  } catch (error) {
    // Without a daemon there was no build that could have failed.
    if (error === unreachable) throw error;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to build', withAdvice(error));
  }
}

interface Running {
  readonly options: BuildOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: DockerConfig;
  /** The first answer of the daemon. */
  readonly connecting: Promise<readonly WorkerRecord[]>;
  readonly signal: AbortSignal;
  readonly onEvent: EventReader;
  readonly askPassphrase: AskKeyPassphrase | undefined;
}

async function buildOn(node: BuilderNode, running: Running): Promise<BuildResult> {
  const { options, env, config, signal, onEvent } = running;
  const [frontend, frontendSource] = chooseFrontend(options, env);
  checkLocalDelete(options, env);
  const forwarded = await openForwarded(options, running);
  const announce = (): unknown => onEvent({ kind: 'builder', name: node.builder, driver: node.driver });
  const isFetched = options.dockerfile?.kind === 'url';
  await using inputs = await prepareInputs(options, options.cwd ?? process.cwd(), async (url) => {
    await running.connecting;
    announce();
    return await fetchDockerfile(node, url, { signal, onStatus: (status) => onEvent({ kind: 'status', status }) });
  });
  const stateDir = openStateDir(config.dir, env);
  const nodeId = nodeIdentifier(stateDir);
  const [workers, vcs] = await Promise.all([running.connecting, vcsAttributes(options, inputs, onEvent, signal)]);
  if (!isFetched) announce();
  const features = nodeFeatures(node.driver, workers);
  const caches = await openCaches(node, features, running);
  const { exporters, loadTargets } = await planOutputs(options, node, features, running);
  const layouts = await layoutOutputs(exporters);
  const withNodeId = (key: string): string => (key === '' ? '' : `${key}:${nodeId}`);
  const attributes = Object.fromEntries([
    ...frontendAttributes(options, features, env, await proxyBuildArgs({ flags: options.docker ?? {}, config, env })),
    ...Object.entries(frontendSource),
    ...[...inputs.attributes].map(([name, value]): [string, string] =>
      name.startsWith('sharedkey:localdir:') ? [name, withNodeId(value)] : [name, value],
    ),
    ...vcs,
    ...Object.entries(caches.attributes),
  ]);

  const ref = newIdentity();
  const sessionId = newIdentity();
  const warnings: VertexWarning[] = [];
  const onStatus = (status: SolveStatus): unknown => {
    warnings.push(...status.warnings);
    return onEvent({ kind: 'status', status });
  };
  const steps = createClientSteps(onStatus);
  const session = openSession({
    id: sessionId,
    sharedKey: withNodeId(inputs.sharedKey),
    localDirs: inputs.localDirs,
    uploads: inputs.uploads,
    targets: exportTargets(exporters, loadTargets, steps),
    forwarded,
    stores: new Map([...inputs.stores, ...caches.stores, ...layouts.stores]),
    config,
    env,
    onStatus,
    onWarning: (message) => onEvent({ kind: 'warning', message }),
  });
  const state = { Target: 'default', LocalPath: inputs.localPath, DockerfilePath: inputs.dockerfilePath };
  const remember = (): void => {
    try {
      saveLocalState(stateDir, { builder: node.builder, node: node.name, id: ref }, state);
    } catch (error) {
      // A home that cannot be written is no reason not to build.
      onEvent({ kind: 'warning', message: messageOf(error) });
    }
  };
  const request: SolveRequest = {
    ref,
    session: sessionId,
    exporters: exporters.map(({ type, attrs }) => ({ type, attrs })),
    frontendAttrs: attributes,
    cacheExports: caches.exports,
    cacheImports: caches.imports,
    entitlements: entitlements(options),
    sourcePolicy: options.sourcePolicy,
  };
  const bridge = node.bridge(ref);
  const locals = localFiles(inputs.localDirs, steps);
  const { definitions } = inputs;
  const witnessed = showsProvenance(options, exporters, attributes);
  const deps = { bridge, sessionId, attributes, definitions, locals, witnessed };
  const solving = solve(
    request,
    {
      control: node.control,
      bridge,
      session,
      dialSession: node.dialSession,
      frontend: (call) => runChosenFrontend(frontend, deps, call),
      failureOf,
      onStatus: onOwnClock(toldOnce(onStatus, steps), now),
    },
    { signal },
  );
  remember(); // while the daemon begins
  const { exporterResponse } = await solving;
  await caches.finish(exporterResponse);
  await layouts.finish(exporterResponse);
  const response: Record<string, string> & { readonly 'buildx.build.ref': string } = {
    ...exporterResponse,
    'buildx.build.ref': `${node.builder}/${node.name}/${ref}`,
    ...(await provenanceEntries(node.control, ref, options, steps, signal)),
  };
  const pushed = exporters.flatMap(({ pushedByEngine }) => pushedByEngine);
  if (pushed.length > 0 && node.engine !== undefined) {
    const { pushByEngine } = await import('./push-image.ts');
    Object.assign(response, await pushByEngine(pushed, response, { engine: node.engine, steps, ...running }));
  }
  if (prefersImageDigest(exporters)) Reflect.deleteProperty(response, 'containerimage.config.digest');
  return { ref: response['buildx.build.ref'], exporterResponse: response, warnings };
}

/** Most builds have no caches of their own. */
async function openCaches(node: BuilderNode, features: NodeFeatures, running: Running): Promise<BuildCaches> {
  const { options, env, signal, onEvent } = running;
  if (!options.cacheFrom?.length && !options.cacheTo?.length && !options.buildArgs?.['BUILDKIT_INLINE_CACHE']) {
    return noCaches;
  }
  const { planCaches } = await import('./caches.ts');
  return await planCaches(options, {
    features,
    env,
    cwd: options.cwd ?? process.cwd(),
    daemonCaps: () => daemonCaps(node, { signal }),
    onWarning: (message) => onEvent({ kind: 'warning', message }),
  });
}

async function provenanceEntries(
  control: ControlClient,
  ref: string,
  { metadataProvenance: mode = 'disabled' }: BuildOptions,
  steps: ClientSteps,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (mode === 'disabled') return {};
  return await steps.run('resolving provenance for metadata file', () =>
    recordedProvenance(control, ref, mode, { signal }),
  );
}

/** What git says of the context; a failure is a warning, not the end of the build. */
async function vcsAttributes(
  options: BuildOptions,
  inputs: BuildInputs,
  onEvent: (event: BuildEvent) => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (inputs.contextDir === undefined || options.context.kind !== 'local') return new Map();
  try {
    return await gitAttributes(
      {
        contextDir: inputs.contextDir,
        dockerfile: options.dockerfile?.kind === 'path' ? options.dockerfile.path : undefined,
        cwd: options.cwd ?? process.cwd(),
        localDirs: inputs.localDirs,
        env: options.env ?? process.env,
      },
      { signal },
    );
  } catch (error) {
    onEvent({
      kind: 'warning',
      message: `current commit information was not captured by the build: ${messageOf(error)}`,
    });
    return new Map();
  }
}
