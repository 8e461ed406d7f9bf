// The programs of a cluster of one node, and their configuration.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { serverCert, serverKey } from '../../test/support/certificates.ts';
import { PAUSE_IMAGE } from './images.ts';

export interface NodePlan {
  readonly work: string;
  readonly kubenode: string;
  /** Directory of etcd, containerd, runc and the network plugins. */
  readonly programs: string;
  /** A bridge that is there, and the address of the machine on it. */
  readonly bridge: string;
  readonly address: string;
  readonly subnet: string;
  /** A cgroup below each hierarchy, `/name`. */
  readonly cgroup: string;
  readonly ports: Readonly<Record<'etcd' | 'peer' | 'api' | 'kubelet' | 'healthz' | 'manager' | 'scheduler', number>>;
}

export interface Part {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** Tokens of who calls: `admin` may do anything, `viewer` nothing. */
export const TOKENS = { admin: 'admin-of-the-test-cluster', viewer: 'viewer-of-the-test-cluster' } as const;

export function kubeconfigFor(port: number, token: string): string {
  const cluster = { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'me', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'me' } }],
    'current-context': 'test',
  });
}

export const containerdSocket = (work: string): string => join(work, 'c/c.sock');

/** In the order in which they start. */
export function nodeParts(plan: NodePlan): readonly Part[] {
  const { work, ports, programs, kubenode } = plan;
  const write = (name: string, text: string): string => {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    writeFileSync(join(work, name), text, { mode: 0o600 });
    return join(work, name);
  };
  const admin = write('kubeconfig', kubeconfigFor(ports.api, TOKENS.admin));
  write('viewer', kubeconfigFor(ports.api, TOKENS.viewer));
  const etcd = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.peer}`;
  const part = (
    name: string,
    program: string,
    flags: Readonly<Record<string, string | number>>,
    first: string[] = [],
  ): Part => ({
    name,
    program,
    args: [...first, ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
  });
  const own = { kubeconfig: admin, 'leader-elect': 'false', 'bind-address': '127.0.0.1', port: 0 };
  return [
    part('etcd', join(programs, 'etcd'), {
      'data-dir': join(work, 'etcd'),
      'listen-client-urls': etcd,
      'advertise-client-urls': etcd,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
      'unsafe-no-fsync': 'true',
    }),
    part('containerd', join(programs, 'containerd'), { config: write('containerd.toml', containerdConfig(plan)) }),
    part('apiserver', kubenode, apiserverFlags(plan, { etcd, write }), ['apiserver']),
    part(
      'manager',
      kubenode,
      {
        ...own,
        'secure-port': ports.manager,
        controllers: 'deployment,replicaset,statefulset,garbagecollector,namespace,endpoint',
      },
      ['controller-manager'],
    ),
    part('scheduler', kubenode, { ...own, 'secure-port': ports.scheduler }, ['scheduler']),
    part(
      'kubelet',
      kubenode,
      {
        config: write('kubelet.json', JSON.stringify(kubeletConfig(plan))),
        kubeconfig: admin,
        'container-runtime': 'remote',
        'container-runtime-endpoint': `unix://${containerdSocket(work)}`,
        'root-dir': join(work, 'kubelet'),
        'cert-dir': join(work, 'kubelet-certs'),
        'hostname-override': 'node',
        'node-ip': plan.address,
        'runtime-cgroups': plan.cgroup,
        'kubelet-cgroups': plan.cgroup,
      },
      ['kubelet'],
    ),
  ];
}

function apiserverFlags(
  { work, ports }: NodePlan,
  { etcd, write }: { readonly etcd: string; readonly write: (name: string, text: string) => string },
): Readonly<Record<string, string | number>> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    'etcd-servers': etcd,
    'secure-port': ports.api,
    'bind-address': '127.0.0.1',
    'insecure-port': 0,
    'tls-cert-file': write('server.crt', serverCert),
    'tls-private-key-file': write('server.key', serverKey),
    'cert-dir': join(work, 'certs'),
    'token-auth-file': write('tokens', `${TOKENS.admin},admin,1,system:masters\n${TOKENS.viewer},viewer,2\n`),
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.215.0.0/24',
    'service-account-issuer': 'https://kubernetes',
    'service-account-signing-key-file': write('account.key', privateKey),
    'service-account-key-file': write('account.pub', publicKey),
    // there are no secrets for service accounts, and no controller that would take the taint of a new node away
    'disable-admission-plugins': 'ServiceAccount,TaintNodesByCondition',
    'allow-privileged': 'true',
    'kubelet-preferred-address-types': 'InternalIP',
  };
}

function containerdConfig({ work, programs, bridge, subnet }: NodePlan): string {
  const cni = join(work, 'cni');
  mkdirSync(cni, { recursive: true });
  const ipam = { type: 'host-local', ranges: [[{ subnet }]], dataDir: join(work, 'addresses') };
  const network = {
    cniVersion: '0.3.1',
    name: 'pods',
    type: 'bridge',
    bridge,
    isGateway: true,
    hairpinMode: true,
    ipam,
  };
  writeFileSync(join(cni, '10-pods.conf'), JSON.stringify(network));
  return `version = 2
root = "${join(work, 'c/root')}"
state = "${join(work, 'c/state')}"
[grpc]
  address = "${containerdSocket(work)}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${programs}"
    conf_dir = "${cni}"
`;
}

function kubeletConfig({ address, cgroup, ports }: NodePlan): object {
  return {
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroup,
    makeIPTablesUtilChains: false,
    failSwapOn: false,
    port: ports.kubelet,
    healthzPort: ports.healthz,
    address,
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    enforceNodeAllocatable: [],
    resolvConf: '/dev/null',
    evictionHard: { 'memory.available': '1Mi', 'nodefs.available': '0%', 'imagefs.available': '0%' },
  };
}
