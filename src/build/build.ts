import { TsbuildxError, wrap } from '../base/errors.ts';
import { once } from '../base/once.ts';
import { openNode } from '../builder/index.ts';
import type { SolveStatus } from '../buildkit/control/index.ts';
import { dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import type { EventReader } from './events.ts';
import { withAdvice } from './frontend-refusal.ts';
import { holdContext } from './inputs.ts';
import type { BuildOptions } from './options.ts';
import { planBuild } from './plan-build.ts';
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
  await using node = await openNode({ builder: options.builder, flags: options.docker ?? {}, config, env });
  const announce = once(() => onEvent({ kind: 'builder', name: node.builder, driver: node.driver }));
  const onStatus = (status: SolveStatus): void => {
    announce();
    onEvent({ kind: 'status', status });
  };
  const connecting = node.connect({ onStatus, signal });
  let unreachable: unknown;
  connecting.catch((reason: unknown) => {
    unreachable = reason;
  });
  try {
    const setting = { env, config, signal, onEvent, askPassphrase };
    await using plan = await planBuild(options, node, { ...setting, workers: connecting, announce });
    return await runPlan(plan, node, setting);
  } catch (error) {
    // Without a daemon there was no build that could have failed.
    if (error === unreachable) throw error;
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to build', withAdvice(error));
  }
}
