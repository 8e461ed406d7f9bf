// Messages about a daemon's build cache.
import { fromLong, fromTimestamp, moby, toLong } from '../../proto/index.ts';
import type { Method } from '../rpc/index.ts';
import type { PruneRequest, UsageRecord } from './usage.ts';

const { v1 } = moby.buildkit;
const SERVICE = '/moby.buildkit.v1.Control';

export const DISK_USAGE: Method<readonly string[], readonly UsageRecord[]> = {
  path: `${SERVICE}/DiskUsage`,
  encode: (filter) => v1.DiskUsageRequest.encode({ filter: [...filter] }).finish(),
  decode: (bytes) => v1.DiskUsageResponse.decode(bytes).record.map(decodeRecord),
};

export const PRUNE: Method<PruneRequest, UsageRecord> = {
  path: `${SERVICE}/Prune`,
  encode: ({ filter, all, ...limits }) =>
    v1.PruneRequest.encode({
      filter: [...filter],
      all,
      keepDuration: toLong(limits.keepDuration),
      reservedSpace: toLong(limits.reservedSpace),
      maxUsedSpace: toLong(limits.maxUsedSpace),
      minFreeSpace: toLong(limits.minFreeSpace),
    }).finish(),
  decode: (bytes) => decodeRecord(v1.UsageRecord.decode(bytes)),
};

function decodeRecord(record: moby.buildkit.v1.UsageRecord.$Properties): UsageRecord {
  return {
    id: record.ID ?? '',
    mutable: record.Mutable ?? false,
    inUse: record.InUse ?? false,
    size: fromLong(record.Size),
    createdAt: fromTimestamp(record.CreatedAt) ?? 0n,
    lastUsedAt: fromTimestamp(record.LastUsedAt),
    usageCount: fromLong(record.UsageCount),
    parents: [...(record.Parents ?? [])],
    description: record.Description ?? '',
    recordType: record.RecordType ?? '',
    shared: record.Shared ?? false,
  };
}
