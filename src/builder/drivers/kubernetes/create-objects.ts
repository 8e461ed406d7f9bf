// Matches buildx driver/kubernetes/driver.go bootstrap: configuration first, so that the pods find it.
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import { type CallOptions, isKubeError, type KubeClient } from '../../../kube/index.ts';
import type { NodeManifest } from './manifest.ts';

/** Makes what is missing. A deployment that is there stays as it is. */
export async function createNodeObjects(kube: KubeClient, node: NodeManifest, options: CallOptions): Promise<void> {
  const { kind, name, workload, configMaps } = node;
  try {
    await kube.get(kind, name, options);
    return;
  } catch (error) {
    if (!isKubeError(error, 'NotFound')) throw failed(`error for bootstrap ${goQuote(name)}`, error);
  }
  for (const config of configMaps) {
    try {
      await kube.create('configmaps', config.object, options);
    } catch (error) {
      if (!isKubeError(error, 'AlreadyExists')) {
        throw failed(`error while calling configMapClient.Create for ${goQuote(config.name)}`, error);
      }
      try {
        await kube.update('configmaps', config.name, config.object, options);
      } catch (cause) {
        throw failed(`error while calling configMapClient.Update for ${goQuote(config.name)}`, cause);
      }
    }
  }
  try {
    await kube.create(kind, workload, options);
  } catch (error) {
    throw failed(`error while calling Create for ${goQuote(name)}`, error);
  }
}

/** The error of a call, with its code. */
export function failed(what: string, cause: unknown): TsbuildxError {
  const code = cause instanceof TsbuildxError ? cause.code : 'KUBE_FAILED';
  return new TsbuildxError(code, `${what}: ${messageOf(cause)}`, { cause });
}
