// Matches buildx build/build.go BuildWithResultHandler: one build over several nodes.
import type { OpenBuilder } from '../builder/index.ts';
import { createClientSteps, newIdentity, type SolveStatus } from '../buildkit/control/index.ts';
import { authAttachable } from '../session/index.ts';
import { allOrNone } from './all-or-none.ts';
import type { BuildPart } from './builder-nodes.ts';
import type { BuildEvent, EventReader } from './events.ts';
import { type IndexPush, nodeOutputs } from './node-outputs.ts';
import type { BuildOptions } from './options.ts';
import { type BuildPlan, planBuild, type PlanSetting, type PreparedBuild, prepareBuild } from './plan-build.ts';
import type { BuildResult } from './result.ts';
import { runPlan } from './run-plan.ts';
import { splitUploads } from './split-uploads.ts';

/** A part of a build over several nodes, as it would be built if there were no others. */
export interface PlannedPart extends BuildPart {
  readonly plan: BuildPlan;
}

/** With what becomes of the outputs. */
interface CompletePart extends PlannedPart {
  readonly push: IndexPush | undefined;
}

type NodesSetting = Omit<PlanSetting, 'workers'>;

/**
 * Builds the platforms of a build on their nodes, side by side, and puts together what they push. The first failure ends the
 * other parts. Errors as those of `build`.
 */
export async function buildOnNodes(
  options: BuildOptions,
  parts: readonly [BuildPart, ...BuildPart[]],
  { registries, ...given }: NodesSetting & Pick<OpenBuilder, 'registries'>,
): Promise<BuildResult> {
  const setting = { ...given, onEvent: warnOnce(given.onEvent) };
  const [first] = parts;
  await using prepared = await prepareBuild(options, first.node, { ...setting, workers: first.workers });
  const planned = await planParts(prepared, parts, setting);
  const ref = newIdentity();
  const auth = authAttachable({ ...setting, ...tellers(setting.onEvent) });
  return await runParts(planned, { ...setting, registries }, async ({ plan, node }, signal) => {
    return await runPlan(plan, node, { ...setting, signal }, { ref, auth });
  });
}

/** A plan for each node. Errors as those of `planBuild`. */
export async function planParts(
  prepared: PreparedBuild,
  parts: readonly BuildPart[],
  setting: NodesSetting,
): Promise<PlannedPart[]> {
  const uploads = splitUploads(prepared.inputs.uploads, parts.length);
  const planned: PlannedPart[] = [];
  for (const [i, part] of parts.entries()) {
    const inputs = { ...prepared.inputs, uploads: uploads[i] ?? new Map() };
    const plan = await planBuild({ ...prepared, inputs }, part.node, { ...setting, ...part }, part.platforms);
    planned.push({ ...part, plan });
  }
  return planned;
}

/** Runs all parts, and puts together what they push. The first failure ends the others. Errors as those of `build`. */
export async function runParts(
  planned: readonly PlannedPart[],
  setting: NodesSetting & Pick<OpenBuilder, 'registries'>,
  run: (part: PlannedPart, signal: AbortSignal) => Promise<BuildResult>,
): Promise<BuildResult> {
  const complete = planned.map(withNodeOutputs);
  const results = await allOrNone(setting.signal, complete, async (part, signal) => {
    try {
      return await run(part, signal);
    } finally {
      for (const stream of part.plan.inputs.uploads.values()) stream.destroy();
    }
  });
  return await putTogether(results, complete[0]?.push, setting);
}

/** Throws UNSUPPORTED, INVALID_ARGUMENT. */
function withNodeOutputs({ plan, ...part }: PlannedPart): CompletePart {
  const { exporters, push } = nodeOutputs(plan.outputs.exporters, part.platforms);
  return { ...part, plan: { ...plan, outputs: { ...plan.outputs, exporters } }, push };
}

/** The result of the default node, or of the index when one is pushed. */
async function putTogether(
  results: readonly BuildResult[],
  push: IndexPush | undefined,
  { config, env, onEvent, registries, signal }: NodesSetting & Pick<OpenBuilder, 'registries'>,
): Promise<BuildResult> {
  const [first] = results;
  const whole = {
    ref: first?.ref ?? '',
    exporterResponse: first?.exporterResponse ?? {},
    warnings: results.flatMap(({ warnings }) => warnings),
  };
  if (push === undefined) return whole;
  const { pushIndex } = await import('./push-index.ts');
  const { onStatus, onWarning } = tellers(onEvent);
  const steps = createClientSteps(onStatus);
  const exporterResponse = await steps.run(`merging manifest list ${push.names.join(',')}`, () =>
    pushIndex(
      results.map((result) => result.exporterResponse),
      push,
      { config, env, onWarning, registries, signal },
    ),
  );
  return exporterResponse === undefined ? whole : { ...whole, exporterResponse };
}

function tellers(onEvent: EventReader): {
  readonly onStatus: (status: SolveStatus) => void;
  readonly onWarning: (message: string) => void;
} {
  return {
    onStatus: (status) => void onEvent({ kind: 'status', status }),
    onWarning: (message) => void onEvent({ kind: 'warning', message }),
  };
}

/** What all nodes have to say is said once. */
export function warnOnce(onEvent: EventReader): EventReader {
  const told = new Set<string>();
  return (event: BuildEvent) => {
    if (event.kind !== 'warning') return onEvent(event);
    if (told.has(event.message)) return undefined;
    told.add(event.message);
    return onEvent(event);
  };
}
