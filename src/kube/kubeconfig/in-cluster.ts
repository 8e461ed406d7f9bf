// Matches client-go rest.InClusterConfig: a pod reaches its own cluster as its service account.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { type Env, joinHostPort } from '../../transport/index.ts';
import { type ChosenContext, nobody } from './choose.ts';

const ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The cluster that this process runs in; undefined outside of one. Throws IO. */
export async function inClusterContext(env: Env, dir: string = ACCOUNT_DIR): Promise<ChosenContext | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port || !existsSync(`${dir}/token`)) return undefined;
  let namespace: string;
  try {
    namespace = (await readFile(`${dir}/namespace`, 'utf8')).trim();
  } catch (cause) {
    const text = `cannot determine Kubernetes namespace, specify manually: ${messageOf(cause)}`;
    throw new TsbuildxError('IO', text, { cause });
  }
  return {
    namespace,
    cluster: {
      server: `https://${joinHostPort(host, Number(port))}`,
      tlsServerName: '',
      skipVerify: false,
      caFile: `${dir}/ca.crt`,
      caData: Buffer.alloc(0),
      proxyUrl: '',
      execConfig: undefined,
    },
    user: { ...nobody, tokenFile: `${dir}/token` },
  };
}
