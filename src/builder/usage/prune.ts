// Matches buildx commands/prune.go: all nodes at the same time.
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { createControlClient, type UsageRecord } from '../../buildkit/control/index.ts';
import { createBridge } from '../../buildkit/gateway/index.ts';
import type { RpcClient } from '../../buildkit/rpc/index.ts';
import { daemonCaps } from '../daemon-caps.ts';
import type { BuilderQuery } from '../find-builder.ts';
import { codeOf } from './failure.ts';
import { usageFilter } from './filters.ts';
import { openNodes } from '../open-nodes.ts';
import type { PruneLimits, PruneResult, UsageSetting } from './options.ts';

/** What a daemon can when it knows how much of its disk is free. */
const FREE_SPACE = 'gc.freespacefilter';

export async function pruneNodes(
  query: BuilderQuery,
  setting: UsageSetting &
    PruneLimits & { readonly confirm: () => Promise<boolean>; readonly onRecord: (record: UsageRecord) => void },
): Promise<PruneResult> {
  const { all, reservedSpace, maxUsedSpace, minFreeSpace, signal } = setting;
  const filter = usageFilter(setting.filters, pruneFilters(query.config.raw['pruneFilters']));
  if (!(await setting.confirm())) return { confirmed: false, pruned: 0n };
  await using open = await openNodes(query, setting);
  let pruned = 0n;
  await Promise.all(
    open.nodes.map(async ({ driver: { rpc } }) => {
      if (maxUsedSpace !== 0n || minFreeSpace !== 0n) await requireFreeSpace(rpc, signal);
      const request = { ...filter, all, reservedSpace, maxUsedSpace, minFreeSpace };
      for await (const record of createControlClient(rpc).prune(request, { signal })) {
        pruned += record.size;
        setting.onRecord(record);
      }
    }),
  );
  return { confirmed: true, pruned };
}

async function requireFreeSpace(rpc: RpcClient, signal: AbortSignal): Promise<void> {
  const node = { control: createControlClient(rpc), bridge: (ref: string) => createBridge(rpc, { ref }) };
  const caps = await daemonCaps(node, { signal }).catch((error: unknown) => {
    throw wrap(codeOf(error), 'failed to load buildkit capabilities for prune', error);
  });
  if (caps.has(FREE_SPACE)) return;
  throw new TsbuildxError('UNSUPPORTED', 'buildkit v0.17.0+ is required for max-used-space and min-free-space filters');
}

function pruneFilters(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
