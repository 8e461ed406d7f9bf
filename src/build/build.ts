import { TsbuildxError, wrap } from '../base/errors.ts';
import { once } from '../base/once.ts';
import { openBuilder, type OpenBuilder } from '../builder/index.ts';
import type { SolveStatus } from '../buildkit/control/index.ts';
import { dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import { buildQuery } from './build-query.ts';
import type { EventReader } from './events.ts';
import { type BuildPart, chooseNodes } from './builder-nodes.ts';
import { withAdvice } from './frontend-refusal.ts';
import { holdContext } from './inputs.ts';
import type { BuildOptions } from './options.ts';
import { planBuild, type PlanSetting, prepareBuild } from './plan-build.ts';
import type { BuildResult } from './result.ts';
import { runPlan } from './run-plan.ts';
import type { AskKeyPassphrase } from './ssh-agents.ts';

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
  holdContext(options);
  const env = options.env ?? process.env;
  const config = await loadDockerConfig(dockerConfigDir(options.docker?.configDir, env));
  if (config.warning !== undefined) onEvent({ kind: 'warning', message: config.warning });
  await using builder = await openBuilder(buildQuery(options, { config, env }));
  const announce = once(() => onEvent({ kind: 'builder', name: builder.name, driver: builder.driver }));
  const onStatus = (status: SolveStatus): void => {
    announce();
    onEvent({ kind: 'status', status });
  };
  const unreachable = new Set<unknown>();
  const nodes = await chooseNodes(builder, options, { env, config, signal, onEvent, onStatus });
  for (const { workers } of nodes.parts) workers.catch((reason: unknown) => unreachable.add(reason));
  try {
    const setting = { env, config, signal, onEvent, askPassphrase, announce };
    const result = await buildParts(options, nodes.parts, { ...setting, registries: () => builder.registries() });
    nodes.built();
    return result;
  } catch (error) {
    // Without a daemon there was no build that could have failed.
    if (unreachable.has(error) && !builder.isMade) throw error;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to build', withAdvice(error));
  }
}

type PartsSetting = Omit<PlanSetting, 'workers'> & Pick<OpenBuilder, 'registries'>;

async function buildParts(
  options: BuildOptions,
  parts: readonly [BuildPart, ...BuildPart[]],
  setting: PartsSetting,
): Promise<BuildResult> {
  const [{ node, workers }] = parts;
  if (parts.length > 1) {
    const { buildOnNodes } = await import('./build-on-nodes.ts');
    return await buildOnNodes(options, parts, setting);
  }
  await using prepared = await prepareBuild(options, node, { ...setting, workers });
  const plan = await planBuild(prepared, node, { ...setting, workers });
  return await runPlan(plan, node, setting);
}
