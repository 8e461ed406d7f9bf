// Matches buildx driver/kubernetes/driver.go Rm. Volumes of a stateful set stay, as Kubernetes has it.
import { goQuote } from '../../../base/go-quote.ts';
import { type CallOptions, isKubeError, type KubeClient, type KubeKind } from '../../../kube/index.ts';
import { failed } from './create-objects.ts';
import type { NodeManifest } from './manifest.ts';

const CLIENTS: Readonly<Record<KubeKind, string>> = {
  deployments: 'deploymentClient',
  statefulsets: 'statefulSetClient',
  configmaps: 'configMapClient',
};

/** What is gone already is passed over. */
export async function removeObjects(kube: KubeClient, node: NodeManifest, options: CallOptions): Promise<void> {
  const objects: readonly (readonly [KubeKind, string])[] = [
    [node.kind, node.name],
    ...node.configMaps.map(({ name }) => ['configmaps', name] as const),
  ];
  for (const [kind, name] of objects) {
    try {
      await kube.remove(kind, name, options);
    } catch (error) {
      if (isKubeError(error, 'NotFound')) continue;
      throw failed(`error while calling ${CLIENTS[kind]}.Delete for ${goQuote(name)}`, error);
    }
  }
}
