export { isKubeError, KubeError } from './api-error.ts';
export type { CallOptions, KubeClient, KubeKind, KubeObject } from './client.ts';
export { defaultKubeconfig } from './kubeconfig/load.ts';
export { type KubeTarget, openKube } from './open-kube.ts';
export type { Pod } from './pods.ts';
export { canonicalQuantity } from './quantity.ts';
