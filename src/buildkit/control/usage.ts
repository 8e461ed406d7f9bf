import type { UnixNano } from './status.ts';

/** One record of a daemon's build cache. */
export interface UsageRecord {
  readonly id: string;
  /** Written to by whoever uses it next, a cache mount or the files of a context. */
  readonly mutable: boolean;
  readonly inUse: boolean;
  /** Bytes. */
  readonly size: bigint;
  readonly createdAt: UnixNano;
  readonly lastUsedAt: UnixNano | undefined;
  readonly usageCount: bigint;
  readonly parents: readonly string[];
  readonly description: string;
  /** `regular`, `source.local`, `exec.cachemount`, `frontend`, `internal`, `source.git.checkout`. */
  readonly recordType: string;
  /** Also part of an image, so that it takes no space of its own. */
  readonly shared: boolean;
}

export interface PruneRequest {
  /** In containerd's filter language; records that one of them takes are pruned. */
  readonly filter: readonly string[];
  /** Also internal records and those of frontends. */
  readonly all: boolean;
  /** Nanoseconds for which records stay after their last use. */
  readonly keepDuration: bigint;
  /** Bytes that always stay, that are used at most, and that should be free on the disk; 0 for no such limit. */
  readonly reservedSpace: bigint;
  readonly maxUsedSpace: bigint;
  readonly minFreeSpace: bigint;
}
