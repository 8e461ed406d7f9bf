// Matches buildx driver/kubernetes/podchooser: the pod that a connection goes to.
import { randomInt } from 'node:crypto';
import { TsbuildxError } from '../../../base/errors.ts';
import type { CallOptions, KubeClient, Pod } from '../../../kube/index.ts';
import type { LoadBalance } from './options.ts';
import { ringNode } from './hash-ring.ts';

/** The pods that take builds, by name. */
export async function runningPods(
  kube: KubeClient,
  labels: Readonly<Record<string, string>>,
  options: CallOptions,
): Promise<readonly Pod[]> {
  const pods = await kube.listPods(labels, options);
  return pods.filter(({ isRunning }) => isRunning).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param key the same one finds the same pod. Throws NOT_FOUND when there are no pods. */
export function choosePod(pods: readonly Pod[], loadBalance: LoadBalance, key: string): Pod {
  const name = loadBalance === 'sticky' ? ringNode(namesOf(pods), key) : namesOf(pods)[randomInt(pods.length || 1)];
  const pod = pods.find((each) => each.name === name);
  if (pod === undefined) throw new TsbuildxError('NOT_FOUND', 'no running buildkit pods found');
  return pod;
}

function namesOf(pods: readonly Pod[]): readonly string[] {
  return pods.map(({ name }) => name);
}
