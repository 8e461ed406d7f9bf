// Matches buildx builder/node.go LoadNodes: all nodes at the same time, each with its own end.
import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import { createControlClient, type SolveStatus, type WorkerRecord } from '../../buildkit/control/index.ts';
import { GRPC_STATUS, isRpcError } from '../../buildkit/rpc/index.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../../oci/index.ts';
import type { BuilderQuery, FoundBuilder } from '../find-builder.ts';
import { bootNode } from '../boot-node.ts';
import { driverFactory, type DynamicNode, type NodeDriver } from '../drivers/driver.ts';
import { type BuilderPlan, planNodes } from '../plan-nodes.ts';
import { proxyBuildArgs } from '../proxy-args.ts';
import { type InstanceNode, lastActivity, openStateDir } from '../store/index.ts';
import type { BuilderState, NodeState } from './state.ts';

export interface InspectSetting {
  /** 0 for no limit. */
  readonly timeoutMs: number;
  /** Start nodes that do not run, and tell of it. */
  readonly bootstrap: ((status: SolveStatus) => void) | undefined;
  readonly signal: AbortSignal;
}

export async function inspectFound(
  found: FoundBuilder,
  query: BuilderQuery,
  setting: InspectSetting,
): Promise<BuilderState> {
  const { signal } = setting;
  const plan = planNodes(found, query);
  const activity = lastActivity(openStateDir(query.config.dir, query.env), plan.name);
  const state = (more: Partial<BuilderState>): BuilderState => ({
    name: plan.name,
    driver: plan.driver,
    lastActivity: activity,
    error: undefined,
    dynamic: false,
    nodes: [],
    ...more,
  });
  try {
    await driverFactory(plan.driver);
  } catch (error) {
    return state({ error: toError(error) });
  }
  let nodes = await inspectNodes(plan, setting);
  if (setting.bootstrap !== undefined && (await bootNodes(plan, nodes, setting.bootstrap, signal))) {
    nodes = await inspectNodes(plan, setting);
  }
  // of an engine that does not answer nothing is known, not even the driver
  const [only] = nodes;
  if (plan.driver === 'docker' && only?.error !== undefined) return state({ driver: '', error: only.error });
  const proxyConfig = Object.fromEntries(await proxyBuildArgs(query));
  const dynamic = foundNodes(nodes);
  const all = dynamic.length > 0 ? dynamic : nodes;
  return state({ dynamic: dynamic.length > 0, nodes: all.map((node) => ({ ...node, proxyConfig })) });
}

async function inspectNodes(plan: BuilderPlan, { signal, timeoutMs }: InspectSetting): Promise<readonly NodeState[]> {
  const deadline = timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : new AbortController().signal;
  const both = AbortSignal.any([signal, deadline]);
  const nodes = await Promise.all(
    plan.nodes.map(async ({ configured, open }) => {
      let dynamicNodes: readonly DynamicNode[] = [];
      const onFound = (found: readonly DynamicNode[]): void => {
        dynamicNodes = found;
      };
      try {
        return { ...(await inspectNode(configured, open, { onFound, signal: both })), dynamicNodes };
      } catch (failure) {
        const error = deadline.aborted ? timedOut(failure) : toError(failure);
        return nodeState(configured, { status: 'error', error, dynamicNodes });
      }
    }),
  );
  if (signal.aborted) throw new TsbuildxError('CANCELED', 'context canceled', { cause: signal.reason });
  return nodes;
}

/** Starts what does not run; false when there is nothing to start. Rejects with the first failure, when all have ended. */
async function bootNodes(
  plan: BuilderPlan,
  nodes: readonly NodeState[],
  onStatus: (status: SolveStatus) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const idle = plan.nodes.filter((_, at) => nodes[at]?.status === 'inactive' || nodes[at]?.status === 'stopped');
  const ends = await Promise.allSettled(
    idle.map(async ({ configured, open }) => {
      await using driver = await open();
      await bootNode(driver, { prefix: idle.length > 1 ? configured.name : '', onStatus, signal });
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw toError(failed.reason);
  return idle.length > 0;
}

async function inspectNode(
  configured: InstanceNode,
  open: () => Promise<NodeDriver>,
  { onFound, signal }: { readonly onFound: (nodes: readonly DynamicNode[]) => void; readonly signal: AbortSignal },
): Promise<NodeState> {
  await using driver = await open();
  const { rpc } = driver;
  const status = await driver.status({ signal });
  if (status !== 'running') return nodeState(configured, { status, features: driver.features([]) });
  if (driver.dynamicNodes !== undefined) onFound(await driver.dynamicNodes({ signal }));
  await rpc.connect({ signal });
  const workers = await createControlClient(rpc)
    .listWorkers({ signal })
    .catch((error: unknown) => {
      throw wrap(toError(error).code, 'listing workers', error);
    });
  const first = workers[0];
  return nodeState(configured, {
    status,
    features: driver.features(workers),
    version: await versionOf(driver, signal),
    workerIds: workers.map(({ id }) => id).toSorted(),
    platforms: distinct([...configured.platforms, ...workers.flatMap((worker: WorkerRecord) => worker.platforms)]),
    labels: first?.labels ?? {},
    gcPolicy: first?.gcPolicy ?? [],
    devices: workers.at(-1)?.devices ?? [],
  });
}

/** Empty when the daemon could not say. */
async function versionOf(driver: NodeDriver, signal: AbortSignal): Promise<string> {
  try {
    return (await createControlClient(driver.rpc).info({ signal })).version;
  } catch (error) {
    if (!isRpcError(error) || error.status !== GRPC_STATUS.unimplemented) return '';
    return await driver.version({ signal });
  }
}

/** The daemons that were found in the place of the nodes that were written down; none where a node has none. */
function foundNodes(nodes: readonly NodeState[]): readonly NodeState[] {
  if (nodes.some(({ dynamicNodes }) => dynamicNodes.length === 0)) return [];
  return nodes.flatMap((node) =>
    node.dynamicNodes.map(({ platforms }) =>
      platforms.length === 0 ? node : { ...node, platforms: distinct(platforms) },
    ),
  );
}

function nodeState(configured: InstanceNode, known: Pick<NodeState, 'status'> & Partial<NodeState>): NodeState {
  const { name, endpoint, driverOpts, buildkitdFlags, files } = configured;
  const platforms = distinct(configured.platforms);
  return {
    name,
    endpoint,
    driverOpts,
    buildkitdFlags,
    files,
    configuredPlatforms: platforms,
    platforms,
    error: undefined,
    version: '',
    workerIds: [],
    proxyConfig: {},
    features: {},
    labels: {},
    gcPolicy: [],
    devices: [],
    dynamicNodes: [],
    ...known,
  };
}

function distinct(platforms: readonly Platform[]): string[] {
  return [...new Set(platforms.map((platform) => formatPlatform(normalizePlatform(platform))))];
}

function timedOut(cause: unknown): TsbuildxError {
  return new TsbuildxError('TRANSPORT', 'context deadline exceeded', { cause });
}

function toError(error: unknown): TsbuildxError {
  return error instanceof TsbuildxError ? error : new TsbuildxError('TRANSPORT', messageOf(error), { cause: error });
}
