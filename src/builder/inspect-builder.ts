import type { SolveStatus } from '../buildkit/control/index.ts';
import { ANSWER_MS, builderQuery, type BuilderSettings } from './builder-query.ts';
import type { BuilderState, ListedBuilder } from './inspect/state.ts';

export interface InspectOptions extends BuilderSettings {
  /** Builder name, docker context name, or an address. Default: `$BUILDX_BUILDER`, else the current builder. */
  readonly builder?: string | undefined;
  /** Milliseconds that the daemons of all nodes may take to answer; 0 for no limit. Default 20 000. */
  readonly timeoutMs?: number | undefined;
  /** Start the nodes that are not running. Default false. */
  readonly bootstrap?: boolean | undefined;
}

export interface InspectContext {
  readonly signal?: AbortSignal | undefined;
  /** Told of the steps of `bootstrap`. */
  readonly onStatus?: ((status: SolveStatus) => void) | undefined;
}

/**
 * Asks all nodes of a builder how they are. A node that is down does not stop the others: it has a status, or an error.
 * Errors: NOT_FOUND (no such builder), INVALID_ARGUMENT, IO (its files); CANCELED; of `bootstrap` whatever kept a node from
 * starting.
 */
export async function inspectBuilder(
  options: InspectOptions = {},
  context: InspectContext = {},
): Promise<BuilderState> {
  const query = await builderQuery(options.builder, options);
  const { findBuilder, inspectFound } = await import('./inspect/index.ts');
  return await inspectFound(await findBuilder(query), query, {
    timeoutMs: options.timeoutMs ?? ANSWER_MS,
    bootstrap: options.bootstrap === true ? (context.onStatus ?? (() => undefined)) : undefined,
    signal: context.signal ?? new AbortController().signal,
  });
}

/** All builders: those made with `create`, then the engines of docker contexts, each as `inspectBuilder` gives it. */
export async function listBuilders(
  options: Omit<InspectOptions, 'builder' | 'bootstrap'> = {},
  context: Pick<InspectContext, 'signal'> = {},
): Promise<readonly ListedBuilder[]> {
  const query = await builderQuery('', options);
  const { listFound } = await import('./inspect/index.ts');
  return await listFound(query, {
    timeoutMs: options.timeoutMs ?? ANSWER_MS,
    bootstrap: undefined,
    signal: context.signal ?? new AbortController().signal,
  });
}

/** Names of all builders, as `listBuilders` has them, without asking any daemon. Errors: IO. */
export async function builderNames(options: BuilderSettings = {}): Promise<readonly string[]> {
  const { listNames } = await import('./inspect/index.ts');
  return await listNames(await builderQuery('', options));
}
