// Matches buildx driver/kubernetes/driver.go Info.
import { member } from '../../../base/json-object.ts';
import type { CallOptions, KubeClient } from '../../../kube/index.ts';
import type { DriverStatus } from '../driver.ts';
import type { NodeManifest } from './manifest.ts';

/** A deployment that cannot be asked about counts as none. */
export async function workloadStatus(
  kube: KubeClient,
  { kind, name }: Pick<NodeManifest, 'kind' | 'name'>,
  { signal }: CallOptions,
): Promise<DriverStatus> {
  try {
    return readyReplicas(await kube.get(kind, name, { signal })) > 0 ? 'running' : 'stopped';
  } catch (error) {
    if (signal.aborted) throw error;
    return 'inactive';
  }
}

/** How many pods of a deployment or a stateful set are ready. */
export function readyReplicas(workload: unknown): number {
  return Number(member(member(workload, 'status'), 'readyReplicas') ?? 0);
}
