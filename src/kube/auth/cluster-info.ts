import { readFile } from 'node:fs/promises';
import type { Cluster } from '../kubeconfig/kubeconfig.ts';

/** What an exec plugin that asks for it is told of the cluster, as client.authentication.k8s.io has it. */
export async function clusterInfo(cluster: Cluster): Promise<Readonly<Record<string, unknown>>> {
  const ca = cluster.caData.length > 0 || cluster.caFile === '' ? cluster.caData : await readFile(cluster.caFile);
  return {
    server: cluster.server,
    ...(cluster.tlsServerName === '' ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.skipVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca.length === 0 ? {} : { 'certificate-authority-data': ca.toString('base64') }),
    ...(cluster.proxyUrl === '' ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
}
