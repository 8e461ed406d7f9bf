// Matches buildx build/build.go BuildWithResultHandler: many targets at once, on the nodes of one builder.
import { once } from '../../base/once.ts';
import { type BuilderNode, openBuilder, type OpenBuilder } from '../../builder/index.ts';
import { openStateDir, saveLocalStateGroup } from '../../builder/store/index.ts';
import { newIdentity } from '../../buildkit/control/index.ts';
import { type DockerConfig, dockerConfigDir, loadDockerConfig } from '../../docker/config/index.ts';
import { authAttachable } from '../../session/index.ts';
import { withSpan } from '../../tracing/index.ts';
import { allOrNone } from '../all-or-none.ts';
import type { BuildContext } from '../build.ts';
import type { PlannedPart } from '../build-on-nodes.ts';
import type { EventReader } from '../events.ts';
import { noOutputOfTargets } from '../no-output.ts';
import type { BuildPlan, PlanSetting } from '../plan-build.ts';
import type { BuildResult } from '../result.ts';
import { runPlan } from '../run-plan.ts';
import type { BakeOptions } from './bake.ts';
import { bakeQuery } from './bake-query.ts';
import { withLinkedCaps } from './linked-inputs.ts';
import { LinkedTargets } from './linked-targets.ts';
import { type SharedDirs, shareDirs } from './shared-dirs.ts';
import { inTarget, type JobSetting, planJobs, type TargetJob } from './target-jobs.ts';
import { checkLinks, linksOf, type TargetBuilds, type TargetLinks } from './target-links.ts';

/** Tells which builder will build, before anything else is told. Errors as those of `build` for builders. */
export async function announceBuilder(options: BakeOptions, onEvent: EventReader): Promise<void> {
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  await using builder = await openBuilder(bakeQuery(options, { config, env }));
  onEvent({ kind: 'builder', name: builder.name, driver: builder.driver });
}

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
  const setting = { env, config, signal, onEvent, askPassphrase, announce, tellsNoOutput: false };
  const noOutput = noOutputOfTargets(builds, builder.nodes, env);
  if (noOutput !== undefined) onEvent({ kind: 'warning', message: noOutput });
  await using stack = new AsyncDisposableStack();
  const jobs = await planJobs(builds, builder, { ...setting, stack });
  checkLinks(links, new Map(jobs.map(({ name, parts }) => [name, parts.map(({ node }) => node)])));
  const nodes = byNode(jobs, links, { signal, stack, builder });
  rememberGroup(jobs, { config, env, group, asked: context.asked ?? [...builds.keys()], onEvent });
  const auth = authAttachable({
    config,
    env,
    onStatus: (status) => void onEvent({ kind: 'status', status }),
    onWarning: (message) => void onEvent({ kind: 'warning', message }),
  });
  const results = await allOrNone(signal, jobs, async (job, either) => {
    const run = (): Promise<BuildResult> =>
      runJob(job, { setting: { ...setting, signal: either }, nodes, auth, group, builder });
    return await (job.isAlone ? run() : withSpan(job.name, run));
  });
  return new Map(jobs.map(({ name }, at): [string, BuildResult] => [name, resultAt(results, at)]));
}

function resultAt(results: readonly BuildResult[], at: number): BuildResult {
  const result = results[at];
  if (result === undefined) throw new TypeError(`no result of build ${at}`);
  return result;
}

/** What the builds on one node have of each other. */
interface NodeJobs {
  readonly links: TargetLinks;
  readonly linked: LinkedTargets;
  readonly shared: SharedDirs;
}

/** Opens what the builds on each node share. */
function byNode(
  jobs: readonly TargetJob[],
  links: TargetLinks,
  { builder, signal, stack }: { builder: OpenBuilder; signal: AbortSignal; stack: AsyncDisposableStack },
): ReadonlyMap<BuilderNode, NodeJobs> {
  const parts = jobs.flatMap((job) => job.parts.map(({ node, plan }) => ({ name: job.name, node, plan })));
  return new Map(
    Array.from(
      Map.groupBy(parts, ({ node }) => node),
      ([node, own]): [BuilderNode, NodeJobs] => {
        const here = new Set(own.map(({ name }) => name));
        const linksHere = new Map([...links].filter(([name]) => here.has(name)));
        const plans = own.map(({ plan }) => plan);
        const shared = stack.use(shareDirs(plans, node.dialSession, signal));
        const number = builder.nodes.findIndex(({ name }) => name === node.name);
        return [node, { links: linksHere, linked: new LinkedTargets(linksHere, `${number}`), shared }];
      },
    ),
  );
}

interface RunContext {
  readonly setting: JobSetting;
  readonly nodes: ReadonlyMap<BuilderNode, NodeJobs>;
  readonly auth: ReturnType<typeof authAttachable>;
  readonly group: string;
  readonly builder: OpenBuilder;
}

async function runJob(job: TargetJob, context: RunContext): Promise<BuildResult> {
  const { setting, builder } = context;
  const { name, isAlone, parts, built, onEvent } = job;
  try {
    const run = async (part: PlannedPart, told: EventReader, signal: AbortSignal): Promise<BuildResult> =>
      await runPart(job, part, { ...context, setting: { ...setting, onEvent: told, signal } });
    const [first, ...others] = parts;
    if (first === undefined) throw new TypeError(`no node builds ${name}`);
    if (others.length === 0) {
      const result = await run(first, onEvent, setting.signal);
      built();
      return result;
    }
    const { runParts, warnOnce } = await import('../build-on-nodes.ts');
    const told = warnOnce(onEvent);
    const registries: OpenBuilder['registries'] = () => builder.registries();
    const result = await runParts(parts, { ...setting, registries }, (part, signal) => run(part, told, signal));
    built();
    return result;
  } catch (error) {
    throw inTarget(name, isAlone, error);
  }
}

async function runPart(
  { name, ref }: TargetJob,
  { node, plan }: PlannedPart,
  { setting, nodes, auth, group }: RunContext,
): Promise<BuildResult> {
  const here = nodes.get(node);
  if (here === undefined) throw new TypeError(`nothing is built on node ${node.name}`);
  const complete = await withOthers(plan, name, here, setting);
  return await runPlan(complete, node, setting, { ref, auth, target: name, group, settle: here.linked.settling(name) });
}

/** A plan with the results of other targets as contexts, and with the sessions that serve its directories. */
async function withOthers(
  plan: BuildPlan,
  name: string,
  { links, linked, shared }: NodeJobs,
  call: { readonly signal: AbortSignal },
): Promise<BuildPlan> {
  const inputs = await linked.inputsOf(name, call);
  return {
    ...plan,
    attributes: {
      ...plan.attributes,
      ...(links.has(name) && { 'frontend.caps': withLinkedCaps(plan.attributes['frontend.caps']) }),
      ...shared.attributesOf(plan),
      ...inputs.attributes,
    },
    inputs: { ...plan.inputs, definitions: new Map([...plan.inputs.definitions, ...inputs.definitions]) },
  };
}

interface GroupSetting {
  readonly config: DockerConfig;
  readonly env: PlanSetting['env'];
  readonly group: string;
  readonly asked: readonly string[];
  readonly onEvent: EventReader;
}

/** A home that cannot be written is no reason not to build. */
function rememberGroup(jobs: readonly TargetJob[], { config, env, group, asked, onEvent }: GroupSetting): void {
  try {
    const Refs = jobs.map(({ ref }) => ref);
    saveLocalStateGroup(openStateDir(config.dir, env), group, { Targets: asked, Refs });
  } catch (error) {
    onEvent({ kind: 'warning', message: error instanceof Error ? error.message : String(error) });
  }
}
