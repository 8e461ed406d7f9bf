// Matches newBuildRequests of buildx build/build.go: all targets planned, on all nodes that have a part of them.
import { TsbuildxError, wrap } from '../../base/errors.ts';
import type { BuilderNode, OpenBuilder } from '../../builder/index.ts';
import { newIdentity, type SolveStatus } from '../../buildkit/control/index.ts';
import { chooseNodes } from '../builder-nodes.ts';
import type { PlannedPart } from '../build-on-nodes.ts';
import type { EventReader } from '../events.ts';
import { withAdvice } from '../frontend-refusal.ts';
import type { WorkTrees } from '../git-attributes.ts';
import type { BuildOptions } from '../options.ts';
import { planBuild, type PlanSetting, prepareBuild } from '../plan-build.ts';
import { type TargetBuilds, withoutLinks } from './target-links.ts';
import { withTargetName } from './target-events.ts';

/** A target of which everything is decided and nothing has begun. */
export interface TargetJob {
  readonly name: string;
  readonly isAlone: boolean;
  readonly ref: string;
  /** One for each node that builds some of its platforms; their outputs are those of one node. */
  readonly parts: readonly PlannedPart[];
  readonly onEvent: EventReader;
  /** To be called when it is built. */
  readonly built: () => void;
}

export type JobSetting = Omit<PlanSetting, 'workers'>;

/**
 * Chooses the nodes of each target, which are connected once, and plans what they do.
 * @param stack is given what goes when all is done.
 */
export async function planJobs(
  builds: TargetBuilds,
  builder: OpenBuilder,
  { stack, ...setting }: JobSetting & { readonly stack: AsyncDisposableStack },
): Promise<TargetJob[]> {
  const isAlone = builds.size === 1;
  const onStatus = (status: SolveStatus): void => {
    setting.announce();
    setting.onEvent({ kind: 'status', status });
  };
  const connected: OpenBuilder = { ...builder, nodes: mapNodes(builder.nodes, connectedOnce) };
  const chosen: { readonly name: string; readonly options: BuildOptions; readonly nodes: ChosenNodes }[] = [];
  for (const [name, options] of builds) {
    const nodes = await chooseNodes(connected, options, { ...setting, onStatus });
    for (const { workers } of nodes.parts) workers.catch(() => {}); // who plans waits for them
    chosen.push({ name, options, nodes });
  }
  const byEnvironment = new Map<BuildOptions['env'], WorkTrees>();
  const jobs: TargetJob[] = [];
  for (const { name, options, nodes } of chosen) {
    const onEvent = isAlone ? setting.onEvent : withTargetName(name, setting.onEvent);
    const workTrees: WorkTrees = byEnvironment.get(options.env) ?? new Map();
    byEnvironment.set(options.env, workTrees);
    const parts = await planTarget(withoutLinks(options), nodes, { ...setting, onEvent, stack, workTrees });
    jobs.push({ name, isAlone, ref: newIdentity(), parts, onEvent, built: () => nodes.built() });
  }
  return jobs;
}

type ChosenNodes = Awaited<ReturnType<typeof chooseNodes>>;

async function planTarget(
  options: BuildOptions,
  { parts }: ChosenNodes,
  { stack, ...setting }: JobSetting & { readonly stack: AsyncDisposableStack },
): Promise<PlannedPart[]> {
  const [{ node, workers }] = parts;
  const prepared = stack.use(await prepareBuild(options, node, { ...setting, workers }));
  if (parts.length === 1) {
    const plan = await planBuild(prepared, node, { ...setting, workers });
    return parts.map((part) => ({ ...part, plan }));
  }
  const { planParts } = await import('../build-on-nodes.ts');
  return await planParts(prepared, parts, setting);
}

/** A failure of a target, with its name where there are several. */
export function inTarget(name: string, isAlone: boolean, error: unknown): unknown {
  const told = withAdvice(error);
  if (isAlone) return told;
  return wrap(told instanceof TsbuildxError ? told.code : 'IO', `target ${name}`, told);
}

function mapNodes(nodes: OpenBuilder['nodes'], convert: (node: BuilderNode) => BuilderNode): OpenBuilder['nodes'] {
  const [first, ...others] = nodes;
  return [convert(first), ...others.map(convert)];
}

function connectedOnce(node: BuilderNode): BuilderNode {
  let workers: ReturnType<BuilderNode['connect']> | undefined;
  return { ...node, connect: (options) => (workers ??= node.connect(options)) };
}
