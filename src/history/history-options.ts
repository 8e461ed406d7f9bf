import type { SolveStatus } from '../buildkit/control/index.ts';
import { type BuilderQuery, builderQuery, type BuilderSettings } from '../builder/index.ts';

/** Whose history it is about. */
export interface HistoryOptions extends BuilderSettings {
  /** Builder name, docker context name, or an address. Default: `$BUILDX_BUILDER`, else the current builder. */
  readonly builder?: string | undefined;
}

export interface HistoryContext {
  readonly signal?: AbortSignal | undefined;
  /** Told how nodes are started that do not run. */
  readonly onStatus?: ((status: SolveStatus) => void) | undefined;
}

/** How `openHistory` finds the builder. */
export async function historyQuery(options: HistoryOptions): Promise<BuilderQuery> {
  return { ...(await builderQuery(options.builder, options)), anyContext: false };
}
