// Matches BuildKit client/connhelper/kubepod, without kubectl: the buildkitd in a pod that somebody else made.
import { TsbuildxError } from '../../../base/errors.ts';
import { type KubeClient, openKube } from '../../../kube/index.ts';
import { type Dialer, formatAddress, type KubePodAddress } from '../../../transport/index.ts';

const COMMAND = ['buildctl', 'dial-stdio'];
/** Where a pod says which of its containers commands are for. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Dials the pod with the user's kubeconfig, which is read for each dial. */
export function kubePodDialer(address: KubePodAddress, env: Readonly<Record<string, string | undefined>>): Dialer {
  return async ({ signal }) => {
    const { context, namespace, pod } = address;
    using kube = await openKube({ context, namespace, env, userAgent: 'tsbuildx' });
    const container = address.container ?? (await defaultContainer(kube, address, signal));
    return await kube.commandDialer(pod, container, COMMAND)({ signal });
  };
}

async function defaultContainer(kube: KubeClient, address: KubePodAddress, signal: AbortSignal): Promise<string> {
  const { annotations, containers } = await kube.getPod(address.pod, { signal });
  const wanted = annotations[DEFAULT_CONTAINER] ?? '';
  const container = containers.includes(wanted) ? wanted : containers[0];
  if (container === undefined) {
    throw new TsbuildxError('PROTOCOL', `${formatAddress(address)} does not have any container`);
  }
  return container;
}
