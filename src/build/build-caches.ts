import type { CacheEntry } from '../buildkit/control/index.ts';
import type { OciStore } from '../registry/layout/index.ts';

/** The caches of a build as its requests carry them. */
export interface BuildCaches {
  readonly exports: readonly CacheEntry[];
  readonly imports: readonly CacheEntry[];
  /** `cache-imports`: frontends pass it to what they solve. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Stores that the session serves, by id. */
  readonly stores: ReadonlyMap<string, OciStore>;
  /** Names in local caches what the daemon says that it has exported. Errors: IO, PROTOCOL. */
  finish(response: Readonly<Record<string, string>>): Promise<void>;
}

/** A build that reads and writes no cache but the daemon's own. */
export const noCaches: BuildCaches = {
  exports: [],
  imports: [],
  attributes: {},
  stores: new Map(),
  finish: async () => undefined,
};
