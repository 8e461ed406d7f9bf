// Matches buildx driver/kubernetes/context/load.go ConfigFromEndpoint, and how the factory falls back.
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import { defaultKubeconfig, type KubeClient, openKube } from '../../../kube/index.ts';

type Env = Readonly<Record<string, string | undefined>>;

const USER_AGENT = 'tsbuildx';

/**
 * The cluster of a node: `kubernetes:///builder?deployment=…&kubeconfig=…` names the kubeconfig; where it cannot be read, and
 * for the docker contexts that old versions wrote, the user's own is taken, which must be there then. Rejects with INVALID_ARGUMENT, UNSUPPORTED, IO.
 */
export async function openCluster(endpoint: string, namespace: string | undefined, env: Env): Promise<KubeClient> {
  const kubeconfig = kubeconfigOf(endpoint);
  const open = (file: string): Promise<KubeClient> =>
    openKube({ kubeconfig: file, namespace, env, userAgent: USER_AGENT });
  try {
    return await open(kubeconfig).catch(async (error: unknown) => {
      const isUnreadable = error instanceof TsbuildxError && error.code === 'IO';
      if (kubeconfig === '' || !isUnreadable) throw error;
      return await open(defaultKubeconfig(env));
    });
  } catch (error) {
    const code = error instanceof TsbuildxError ? error.code : 'IO';
    const text = `cannot determine Kubernetes namespace, specify manually: ${messageOf(error)}`;
    throw new TsbuildxError(code, text, { cause: error });
  }
}

/** Empty: the user's own. */
function kubeconfigOf(endpoint: string): string {
  if (!endpoint.startsWith('kubernetes://')) return '';
  return URL.parse(endpoint)?.searchParams.get('kubeconfig') ?? '';
}
