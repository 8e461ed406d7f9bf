import type { DriverName } from '../builder/index.ts';
import type { WorkerRecord } from '../buildkit/control/index.ts';
import type { NodeFeatures } from './attributes.ts';

const SNAPSHOTTER_LABEL = 'org.mobyproject.buildkit.worker.snapshotter';
const HOST_GATEWAY_LABEL = 'org.mobyproject.buildkit.worker.moby.host-gateway-ip';

/** What a node can do, from what its workers say of themselves: version texts of distributions tell nothing. */
export function nodeFeatures(driver: DriverName, workers: readonly WorkerRecord[]): NodeFeatures {
  const isEngine = driver === 'docker';
  const label = (name: string): string | undefined => workers.find((worker) => name in worker.labels)?.labels[name];
  const containerImageStore = !isEngine || label(SNAPSHOTTER_LABEL) !== undefined;
  return {
    isEngine,
    containerImageStore,
    // Every engine with the containerd image store has them; a buildkitd since it tells its version (0.11).
    attestations: isEngine ? containerImageStore : workers.some((worker) => worker.version !== undefined),
    hostGateway: isEngine ? label(HOST_GATEWAY_LABEL) || undefined : undefined,
    driver,
  };
}
