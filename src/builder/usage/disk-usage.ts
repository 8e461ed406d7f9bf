// Matches buildx commands/diskusage.go, and DiskUsage of BuildKit's client: smallest records first.
import { wrap } from '../../base/errors.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { createControlClient, type UsageRecord } from '../../buildkit/control/index.ts';
import type { BuilderQuery } from '../find-builder.ts';
import { codeOf } from './failure.ts';
import { usageFilter } from './filters.ts';
import type { NodeUsage, UsageSetting } from './options.ts';
import { openNodes } from '../open-nodes.ts';

export async function diskUsageOf(query: BuilderQuery, setting: UsageSetting): Promise<readonly NodeUsage[]> {
  const { filter } = usageFilter(setting.filters);
  await using open = await openNodes(query, setting);
  return await Promise.all(
    open.nodes.map(async ({ name, driver }) => {
      try {
        const records = await createControlClient(driver.rpc).diskUsage(filter, { signal: setting.signal });
        return { node: name, records: records.toSorted(bySize) };
      } catch (error) {
        throw wrap(codeOf(error), 'failed to call diskusage', error);
      }
    }),
  );
}

function bySize(a: UsageRecord, b: UsageRecord): number {
  if (a.size !== b.size) return a.size < b.size ? -1 : 1;
  return compareUtf8(a.id, b.id);
}
