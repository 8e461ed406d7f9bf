import { TsbuildxError } from '../base/errors.ts';
import { type BuilderNode, daemonCaps } from '../builder/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import type { NodeFeatures } from './attributes.ts';
import type { BuildEvent } from './events.ts';
import { type Exporter, loadContext, planExporters } from './exporters.ts';
import { openLoadTargets, type LoadTarget } from './load-targets.ts';
import { isWithoutDefault, noOutputWarning } from './no-output.ts';
import type { BuildOptions, OutputSpec } from './options.ts';

export interface PlanContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: DockerConfig;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
  /** Whether a result that goes nowhere is told. Default true. */
  readonly tellsNoOutput?: boolean | undefined;
}

export interface PlannedOutputs {
  readonly exporters: readonly Exporter[];
  /** Engines that images are loaded into, by docker context. */
  readonly loadTargets: ReadonlyMap<string, LoadTarget>;
}

/** Finds out what a build exports and where that goes. Warns of what goes nowhere. */
export async function planOutputs(
  options: BuildOptions,
  node: BuilderNode,
  features: NodeFeatures,
  { env, config, signal, onEvent, tellsNoOutput = true }: PlanContext,
): Promise<PlannedOutputs> {
  const warn = (message: string): void => onEvent({ kind: 'warning', message });
  const outputs = wantedOutputs(options, node, { env, warn, tellsNoOutput });
  if (outputs.length > 1) requireOutputs(await daemonCaps(node, { signal }));
  const contexts = outputs.flatMap((output) => loadContext(output, features) ?? []);
  const settings = { flags: options.docker ?? {}, config, env };
  const loadTargets = await openLoadTargets(contexts, settings, { signal });
  const exporters = planExporters(outputs, {
    options,
    features,
    env,
    importsOci: (context) => loadTargets.get(context)?.importsOci ?? false,
  });
  return { exporters, loadTargets };
}

interface OutputSetting {
  readonly env: PlanContext['env'];
  readonly tellsNoOutput: boolean;
  readonly warn: (message: string) => void;
}

/** The outputs that were asked for, else what the node does by default. Matches buildx build/opt.go toSolveOpt. */
function wantedOutputs(
  { outputs = [], annotations = [] }: BuildOptions,
  node: BuilderNode,
  { env, warn, tellsNoOutput }: OutputSetting,
): readonly OutputSpec[] {
  if (outputs.length > 0) return outputs;
  if (annotations.length > 0) warn('annotations are put on outputs that are named: use --output, --load or --push');
  if (isWithoutDefault(env, warn)) return [];
  if (node.driver === 'docker') return [{ type: 'image', attrs: {} }];
  if (node.defaultLoad) return [{ type: 'docker', attrs: {} }];
  if (tellsNoOutput) warn(noOutputWarning(node.driver));
  return [];
}

/** Throws UNSUPPORTED when a daemon knows one output only: it would pass over all of several. */
function requireOutputs(caps: ReadonlySet<string>): void {
  if (caps.has('exporter.multiple')) return;
  throw new TsbuildxError(
    'UNSUPPORTED',
    'multiple outputs currently unsupported by the current BuildKit daemon, please upgrade to version v0.13+ or use a single output',
  );
}
