import type { Env } from '../transport/index.ts';
import { accessTo } from './access.ts';
import { createKubeClient, type KubeClient } from './client.ts';
import { type ChosenContext, chooseContext } from './kubeconfig/choose.ts';
import { inClusterContext } from './kubeconfig/in-cluster.ts';
import { loadKubeconfig } from './kubeconfig/load.ts';

export interface KubeTarget {
  /** A kubeconfig, or a list of them; it must be there. Default: KUBECONFIG, else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
  /** Default: the current one of the kubeconfig. */
  readonly context?: string | undefined;
  /** Default: the context's, else `default`. */
  readonly namespace?: string | undefined;
  readonly env: Env;
  /** What the API server is told of the caller's program. */
  readonly userAgent: string;
}

/**
 * Finds the cluster. Where the kubeconfig names none, a process in a pod finds its own. Nothing is dialed.
 * Throws INVALID_ARGUMENT (what the kubeconfig says), UNSUPPORTED, IO.
 */
export async function openKube(target: KubeTarget): Promise<KubeClient> {
  const chosen = await chosenContext(target);
  return createKubeClient(await accessTo(chosen, target.env), target.namespace || chosen.namespace, target.userAgent);
}

async function chosenContext({ kubeconfig, context, env }: KubeTarget): Promise<ChosenContext> {
  try {
    return chooseContext(await loadKubeconfig(kubeconfig, env), context);
  } catch (error) {
    const inside = context === undefined ? await inClusterContext(env) : undefined;
    if (inside === undefined) throw error;
    return inside;
  }
}
