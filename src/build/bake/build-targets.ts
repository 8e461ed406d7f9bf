// Matches buildx build/build.go BuildWithResultHandler: many targets at once, on the nodes of one builder.
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { once } from '../../base/once.ts';
import { type BuilderNode, openBuilder, type OpenBuilder } from '../../builder/index.ts';
import { openStateDir, saveLocalStateGroup } from '../../builder/store/index.ts';
import { newIdentity, type SolveStatus } from '../../buildkit/control/index.ts';
import { type DockerConfig, dockerConfigDir, loadDockerConfig } from '../../docker/config/index.ts';
import { authAttachable } from '../../session/index.ts';
import { allOrNone } from '../all-or-none.ts';
import type { BuildContext } from '../build.ts';
import { type BuildPart, chooseNodes } from '../builder-nodes.ts';
import type { EventReader } from '../events.ts';
import { withAdvice } from '../frontend-refusal.ts';
import type { BuildOptions } from '../options.ts';
import { type BuildPlan, planBuild, type PlanSetting, type PreparedBuild, prepareBuild } from '../plan-build.ts';
import type { BuildResult } from '../result.ts';
import { runPlan } from '../run-plan.ts';
import type { BakeOptions } from './bake.ts';
import { bakeQuery } from './bake-query.ts';
import { checkLinks, LinkedTargets, type TargetLinks } from './linked-targets.ts';
import { type SharedDirs, shareDirs } from './shared-dirs.ts';
import { withTargetName } from './target-events.ts';

/** Tells which builder will build, before anything else is told. Errors as those of `build` for builders. */
export async function announceBuilder(options: BakeOptions, onEvent: EventReader): Promise<void> {
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  await using builder = await openBuilder(bakeQuery(options, { config, env }));
  onEvent({ kind: 'builder', name: builder.name, driver: builder.driver });
}

/** Targets by name, with the options of their builds. All are of one builder. */
export type TargetBuilds = ReadonlyMap<string, BuildOptions>;

export interface TargetsContext extends BuildContext {
  /** The names that were asked for, for the local state. Default: those of all targets. */
  readonly asked?: readonly string[] | undefined;
}

/**
 * Builds targets side by side; one that is a context of another (`target:NAME`) is handed to it. The first failure ends them all.
 * Errors as those of `build`, beginning with the target where there are several.
 */
export async function buildTargets(
  builds: TargetBuilds,
  context: TargetsContext = {},
): Promise<ReadonlyMap<string, BuildResult>> {
  const [first] = builds.values();
  if (first === undefined) return new Map();
  const { signal = new AbortController().signal, onEvent = () => {}, askPassphrase } = context;
  const env = first.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(first.docker?.configDir, env));
  if (config.warning !== undefined) onEvent({ kind: 'warning', message: config.warning });
  await using builder = await openBuilder(bakeQuery(first, { config, env }));
  const announce = once(() => onEvent({ kind: 'builder', name: builder.name, driver: builder.driver }));
  const links = linksOf(builds);
  const group = newIdentity();
  const setting = { env, config, signal, onEvent, askPassphrase, announce };
  await using stack = new AsyncDisposableStack();
  const jobs = await prepareJobs(withoutLinks(builds), builder, { ...setting, stack });
  checkLinks(links, new Map(jobs.map(({ name, parts }) => [name, parts.map(({ node }) => node)])));
  const shared = await planJobs(jobs, setting, stack);
  rememberGroup(jobs, { config, env, group, asked: context.asked ?? [...builds.keys()], onEvent });
  const linked = new LinkedTargets(links);
  const auth = authAttachable({
    config,
    env,
    onStatus: (status) => void onEvent({ kind: 'status', status }),
    onWarning: (message) => void onEvent({ kind: 'warning', message }),
  });
  const results = await allOrNone(signal, jobs, async (job, either) => {
    const own = { ...setting, signal: either, onEvent: job.onEvent };
    return await runJob(job, { setting: own, links, linked, shared, auth, group, builder });
  });
  return new Map(jobs.map(({ name }, at): [string, BuildResult] => [name, resultAt(results, at)]));
}

function resultAt(results: readonly BuildResult[], at: number): BuildResult {
  const result = results[at];
  if (result === undefined) throw new TypeError(`no result of build ${at}`);
  return result;
}

interface Job {
  readonly name: string;
  readonly isAlone: boolean;
  readonly ref: string;
  readonly options: BuildOptions;
  readonly parts: readonly [BuildPart, ...BuildPart[]];
  readonly onEvent: EventReader;
  readonly built: () => void;
  /** On one node only. */
  prepared?: PreparedBuild;
  plan?: BuildPlan;
}

type JobSetting = Omit<PlanSetting, 'workers'>;

/** Chooses the nodes of each target. Nodes are connected once. */
async function prepareJobs(
  builds: TargetBuilds,
  builder: OpenBuilder,
  { stack, ...setting }: JobSetting & { readonly stack: AsyncDisposableStack },
): Promise<Job[]> {
  const isAlone = builds.size === 1;
  const onStatus = (status: SolveStatus): void => {
    setting.announce();
    setting.onEvent({ kind: 'status', status });
  };
  const connected: OpenBuilder = { ...builder, nodes: mapNodes(builder.nodes, connectedOnce) };
  const jobs: Job[] = [];
  for (const [name, options] of builds) {
    const onEvent = isAlone ? setting.onEvent : withTargetName(name, setting.onEvent);
    const chosen = await chooseNodes(connected, options, { ...setting, onStatus });
    const { parts } = chosen;
    const job: Job = { name, isAlone, ref: newIdentity(), options, parts, onEvent, built: () => chosen.built() };
    const [{ node, workers }] = parts;
    if (parts.length === 1) {
      job.prepared = stack.use(await prepareBuild(options, node, { ...setting, workers, onEvent }));
    }
    jobs.push(job);
  }
  return jobs;
}

function mapNodes(nodes: OpenBuilder['nodes'], convert: (node: BuilderNode) => BuilderNode): OpenBuilder['nodes'] {
  const [first, ...others] = nodes;
  return [convert(first), ...others.map(convert)];
}

function connectedOnce(node: BuilderNode): BuilderNode {
  let workers: ReturnType<BuilderNode['connect']> | undefined;
  return { ...node, connect: (options) => (workers ??= node.connect(options)) };
}

/** Plans all builds, then opens what those on one node share. */
async function planJobs(
  jobs: readonly Job[],
  setting: JobSetting,
  stack: AsyncDisposableStack,
): Promise<ReadonlyMap<BuilderNode, SharedDirs>> {
  const byNode = new Map<BuilderNode, BuildPlan[]>();
  for (const job of jobs) {
    const [{ node, workers }] = job.parts;
    if (job.prepared === undefined) continue;
    job.plan = await planBuild(job.prepared, node, { ...setting, workers, onEvent: job.onEvent });
    byNode.set(node, [...(byNode.get(node) ?? []), job.plan]);
  }
  const shared = Array.from(byNode, ([node, plans]): [BuilderNode, SharedDirs] => [
    node,
    stack.use(shareDirs(plans, node.dialSession, setting.signal)),
  ]);
  return new Map(shared);
}

interface RunContext {
  readonly setting: JobSetting;
  readonly links: TargetLinks;
  readonly linked: LinkedTargets;
  readonly shared: ReadonlyMap<BuilderNode, SharedDirs>;
  readonly auth: ReturnType<typeof authAttachable>;
  readonly group: string;
  readonly builder: OpenBuilder;
}

async function runJob(job: Job, context: RunContext): Promise<BuildResult> {
  const { setting, linked, auth, group, builder } = context;
  const { name, ref, options, parts, plan } = job;
  try {
    const [{ node }] = parts;
    if (plan === undefined) {
      const { buildOnNodes } = await import('../build-on-nodes.ts');
      return await buildOnNodes(options, parts, { ...setting, registries: () => builder.registries() });
    }
    const complete = await withLinked(plan, node, name, context);
    const settle = linked.settling(name);
    const result = await runPlan(complete, node, setting, { ref, auth, target: name, group, settle });
    job.built();
    return result;
  } catch (error) {
    const told = withAdvice(error);
    if (job.isAlone) throw told;
    throw wrap(told instanceof TsbuildxError ? told.code : 'IO', `target ${name}`, told);
  }
}

/** A plan with the results of other targets as contexts, and with the sessions that serve its directories. */
async function withLinked(plan: BuildPlan, node: BuilderNode, name: string, context: RunContext): Promise<BuildPlan> {
  const { linked, links, setting, shared } = context;
  const inputs = await linked.inputsOf(name, setting);
  const caps = plan.attributes['frontend.caps']?.split(',') ?? [];
  const isLinked = links.has(name);
  const allCaps = isLinked ? [...new Set([...caps, 'moby.buildkit.frontend.contexts+forward'])].sort() : caps;
  return {
    ...plan,
    attributes: {
      ...plan.attributes,
      ...(allCaps.length > 0 && { 'frontend.caps': allCaps.join(',') }),
      ...shared.get(node)?.attributesOf(plan),
      ...inputs.attributes,
    },
    inputs: { ...plan.inputs, definitions: new Map([...plan.inputs.definitions, ...inputs.definitions]) },
  };
}

const linkPrefix = 'target:';

/** Named contexts that are targets. */
function linksOf(builds: TargetBuilds): TargetLinks {
  const links = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, { namedContexts = {} }] of builds) {
    const own = Object.entries(namedContexts).filter(([, value]) => value.startsWith(linkPrefix));
    if (own.length > 0) links.set(name, new Map(own.map(([key, value]) => [key, value.slice(linkPrefix.length)])));
  }
  return links;
}

/** The other named contexts stay. */
function withoutLinks(builds: TargetBuilds): TargetBuilds {
  return new Map(
    Array.from(builds, ([name, options]) => {
      const kept = Object.entries(options.namedContexts ?? {}).filter(([, value]) => !value.startsWith(linkPrefix));
      return [name, { ...options, namedContexts: Object.fromEntries(kept) }];
    }),
  );
}

interface GroupSetting {
  readonly config: DockerConfig;
  readonly env: PlanSetting['env'];
  readonly group: string;
  readonly asked: readonly string[];
  readonly onEvent: EventReader;
}

/** A home that cannot be written is no reason not to build. */
function rememberGroup(jobs: readonly Job[], { config, env, group, asked, onEvent }: GroupSetting): void {
  try {
    const Refs = jobs.map(({ ref }) => ref);
    saveLocalStateGroup(openStateDir(config.dir, env), group, { Targets: asked, Refs });
  } catch (error) {
    onEvent({ kind: 'warning', message: error instanceof Error ? error.message : String(error) });
  }
}
