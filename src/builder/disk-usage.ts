import type { UsageRecord } from '../buildkit/control/index.ts';
import { ANSWER_MS, builderQuery, type BuilderSettings } from './builder-query.ts';
import type { BuilderQuery } from './find-builder.ts';
import type { NodeUsage, PruneLimits, PruneResult } from './usage/options.ts';

export interface DiskUsageOptions extends BuilderSettings {
  /** Builder name, docker context name, or an address. Default: `$BUILDX_BUILDER`, else the current builder. */
  readonly builder?: string | undefined;
  /** Milliseconds that the daemons of all nodes may take to answer; 0 for no limit. Default 20 000. */
  readonly timeoutMs?: number | undefined;
  /** As `--filter` has them: `type=regular`, `description~=apt`, `id!=…`. Default none. */
  readonly filters?: readonly string[] | undefined;
}

export interface PruneOptions extends DiskUsageOptions, Partial<PruneLimits> {}

export interface PruneContext {
  readonly signal?: AbortSignal | undefined;
  /** Asked before anything is done, when the options have been found to make sense. */
  readonly confirm?: (() => Promise<boolean>) | undefined;
  /** Told of each record that is gone. */
  readonly onRecord?: ((record: UsageRecord) => void) | undefined;
}

/**
 * The build cache of all nodes of a builder, in their order.
 * Errors: NOT_FOUND (no such builder), INVALID_ARGUMENT (a filter), TRANSPORT, RPC_FAILED, CANCELED.
 */
export async function diskUsage(
  options: DiskUsageOptions = {},
  { signal = new AbortController().signal }: Pick<PruneContext, 'signal'> = {},
): Promise<readonly NodeUsage[]> {
  const { diskUsageOf } = await import('./usage/index.ts');
  const { filters = [], timeoutMs = ANSWER_MS } = options;
  return await diskUsageOf(await queryOf(options), { filters, timeoutMs, signal });
}

/**
 * Removes build cache from all nodes of a builder: what matches the filters and the `pruneFilters` of config.json, and was
 * not used for as long as `until=24h` among them says.
 * Errors: as `diskUsage`; UNSUPPORTED when a daemon cannot tell how much of its disk is free.
 */
export async function prune(options: PruneOptions = {}, context: PruneContext = {}): Promise<PruneResult> {
  const { pruneNodes } = await import('./usage/index.ts');
  return await pruneNodes(await queryOf(options), {
    filters: options.filters ?? [],
    timeoutMs: options.timeoutMs ?? ANSWER_MS,
    all: options.all ?? false,
    reservedSpace: options.reservedSpace ?? 0n,
    maxUsedSpace: options.maxUsedSpace ?? 0n,
    minFreeSpace: options.minFreeSpace ?? 0n,
    signal: context.signal ?? new AbortController().signal,
    confirm: context.confirm ?? (async () => true),
    onRecord: context.onRecord ?? ((): void => {}),
  });
}

/** Only looking at a builder takes one of another docker context. */
async function queryOf(options: DiskUsageOptions): Promise<BuilderQuery> {
  return { ...(await builderQuery(options.builder, options)), anyContext: false };
}
