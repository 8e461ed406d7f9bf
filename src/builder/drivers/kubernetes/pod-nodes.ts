// Matches buildx driver/kubernetes/driver.go Info: each pod counts as a node of its own.
import type { CallOptions, KubeClient } from '../../../kube/index.ts';
import { parsePlatform, type Platform } from '../../../oci/index.ts';
import type { DynamicNode } from '../driver.ts';
import { runningPods } from './choose-pod.ts';
import { PLATFORM_ANNOTATION } from './manifest.ts';
import type { Labels } from './options.ts';

export async function podNodes(
  kube: KubeClient,
  labels: Labels,
  options: CallOptions,
): Promise<readonly DynamicNode[]> {
  const pods = await runningPods(kube, labels, options);
  return pods.map(({ name, annotations }) => ({
    name,
    platforms: platformsOf(annotations[PLATFORM_ANNOTATION] ?? ''),
  }));
}

/** Of a list that somebody else wrote wrongly nothing is taken. */
function platformsOf(list: string): readonly Platform[] {
  if (list === '') return [];
  try {
    return list.split(',').map((text) => parsePlatform(text));
  } catch {
    return [];
  }
}
