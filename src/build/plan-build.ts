import { type BuilderNode, daemonCaps, proxyBuildArgs } from '../builder/index.ts';
import { nodeIdentifier, openStateDir, type StateDir } from '../builder/store/index.ts';
import type { WorkerRecord } from '../buildkit/control/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import { frontendAttributes, type NodeFeatures } from './attributes.ts';
import { type BuildCaches, noCaches } from './build-caches.ts';
import type { EventReader } from './events.ts';
import { fetchDockerfile } from './fetch-file.ts';
import { nodeFeatures } from './features.ts';
import { type Forwarded, openForwarded } from './forwarded.ts';
import { chooseFrontend, type FrontendChoice } from './frontend.ts';
import type { WorkTrees } from './git-attributes.ts';
import { type BuildInputs, prepareInputs } from './inputs.ts';
import { checkLocalDelete } from './local-delete.ts';
import type { BuildOptions } from './options.ts';
import { type PlannedOutputs, planOutputs } from './plan-outputs.ts';
import type { AskKeyPassphrase } from './ssh-agents.ts';
import { vcsAttributes } from './vcs-attributes.ts';

/** What a build needs of its surroundings. */
export interface PlanSetting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: DockerConfig;
  /** The first answer of the daemon. */
  readonly workers: Promise<readonly WorkerRecord[]>;
  /** Says once which builder it is that builds. */
  readonly announce: () => void;
  readonly signal: AbortSignal;
  readonly onEvent: EventReader;
  readonly askPassphrase: AskKeyPassphrase | undefined;
  /** What git has said, for builds with the same environment. Default: it is asked. */
  readonly workTrees?: WorkTrees | undefined;
  /** Whether a result that goes nowhere is told. Default true. */
  readonly tellsNoOutput?: boolean | undefined;
}

/** What all nodes of a build have in common. Disposing removes what it wrote for itself. */
export interface PreparedBuild extends AsyncDisposable {
  readonly options: BuildOptions;
  readonly frontend: FrontendChoice;
  readonly frontendAttributes: Readonly<Record<string, string>>;
  readonly forwarded: Forwarded;
  readonly inputs: BuildInputs;
  readonly vcs: Promise<Iterable<readonly [string, string]>>;
}

/** A build on one node, of which everything is decided and nothing has begun. */
export interface BuildPlan {
  readonly options: BuildOptions;
  readonly frontend: FrontendChoice;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inputs: BuildInputs;
  /** The session's key: this machine's context of this name. Empty: none. */
  readonly sharedKey: string;
  readonly forwarded: Forwarded;
  readonly outputs: PlannedOutputs;
  readonly caches: BuildCaches;
  readonly stateDir: StateDir;
}

/** Errors: INVALID_ARGUMENT, NOT_FOUND, UNSUPPORTED, IO; TRANSPORT and CANCELED of the daemon's first answer. */
export async function prepareBuild(
  options: BuildOptions,
  node: BuilderNode,
  setting: PlanSetting,
): Promise<PreparedBuild> {
  const { env, signal, onEvent } = setting;
  const [frontend, frontendAttributes] = chooseFrontend(options, env);
  checkLocalDelete(options, env);
  const forwarded = await openForwarded(options, setting);
  const inputs = await prepareInputs(options, options.cwd ?? process.cwd(), async (url) => {
    await setting.workers;
    setting.announce();
    return await fetchDockerfile(node, url, { signal, onStatus: (status) => onEvent({ kind: 'status', status }) });
  });
  const vcs = vcsAttributes(options, inputs, onEvent, signal, setting.workTrees);
  vcs.catch(() => {}); // who plans waits for it
  const prepared = { options, frontend, frontendAttributes, forwarded, inputs, vcs };
  return { ...prepared, [Symbol.asyncDispose]: async () => await inputs[Symbol.asyncDispose]() };
}

/**
 * @param platforms those that this node builds, when it is one of several.
 * Errors: as of `prepareBuild`.
 */
export async function planBuild(
  prepared: PreparedBuild,
  node: BuilderNode,
  setting: PlanSetting,
  platforms?: readonly string[],
): Promise<BuildPlan> {
  const { env, config } = setting;
  const { frontend, forwarded, inputs } = prepared;
  const options = platforms === undefined ? prepared.options : { ...prepared.options, platforms };
  const [workers, vcs] = await Promise.all([setting.workers, prepared.vcs]);
  setting.announce();
  const features = nodeFeatures(node.driver, workers);
  const caches = await planCaches(options, node, features, setting);
  const outputs = await planOutputs(options, node, features, setting);
  const stateDir = openStateDir(config.dir, env);
  const nodeId = nodeIdentifier(stateDir);
  const withNodeId = (key: string): string => (key === '' ? '' : `${key}:${nodeId}`);
  const attributes = Object.fromEntries([
    ...frontendAttributes(options, features, env, await proxyBuildArgs({ flags: options.docker ?? {}, config, env })),
    ...Object.entries(prepared.frontendAttributes),
    ...[...inputs.attributes].map(([name, value]): [string, string] =>
      name.startsWith('sharedkey:localdir:') ? [name, withNodeId(value)] : [name, value],
    ),
    ...vcs,
    ...Object.entries(caches.attributes),
    // An index, also of a single platform: it becomes part of one.
    ...(platforms === undefined ? [] : [['multi-platform', 'true'] as const]),
  ]);
  const sharedKey = withNodeId(inputs.sharedKey);
  return { options, frontend, attributes, inputs, sharedKey, forwarded, outputs, caches, stateDir };
}

/** Most builds have no caches of their own. */
async function planCaches(
  options: BuildOptions,
  node: BuilderNode,
  features: NodeFeatures,
  { env, signal, onEvent }: PlanSetting,
): Promise<BuildCaches> {
  if (!options.cacheFrom?.length && !options.cacheTo?.length && !options.buildArgs?.['BUILDKIT_INLINE_CACHE']) {
    return noCaches;
  }
  const { planCaches: plan } = await import('./caches.ts');
  return await plan(options, {
    features,
    env,
    cwd: options.cwd ?? process.cwd(),
    daemonCaps: () => daemonCaps(node, { signal }),
    onWarning: (message) => onEvent({ kind: 'warning', message }),
  });
}
