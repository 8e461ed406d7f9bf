import type { UsageRecord } from '../../buildkit/control/index.ts';

export interface UsageSetting {
  readonly filters: readonly string[];
  /** 0 for no limit. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface PruneLimits {
  /** Also internal records and those of frontends. */
  readonly all: boolean;
  /** Bytes that always stay; 0 for none. */
  readonly reservedSpace: bigint;
  /** Bytes that the cache takes afterwards at most; 0 for no limit. */
  readonly maxUsedSpace: bigint;
  /** Bytes that should be free on the disk afterwards; 0 for no such goal. */
  readonly minFreeSpace: bigint;
}

/** The build cache of one node. */
export interface NodeUsage {
  readonly node: string;
  /** Smallest first. */
  readonly records: readonly UsageRecord[];
}

export interface PruneResult {
  /** False when `confirm` said no. */
  readonly confirmed: boolean;
  /** Bytes of all records that were removed. */
  readonly pruned: bigint;
}
