// Matches buildx driver/remote/{driver,factory}.go: a buildkitd that somebody else runs.
import { controlSessionDialer, createControlClient } from '../../../buildkit/control/index.ts';
import { createRpcClient, type RpcClient } from '../../../buildkit/rpc/index.ts';
import { type Address, type Dialer, dialerFor, formatAddress, parseAddress } from '../../../transport/index.ts';
import type { Connector } from '../connector.ts';
import type { DriverFactory, NodeDriver } from '../driver.ts';
import { driverFeatures } from '../features.ts';
import { defaultLoadOf } from '../options.ts';
import { sharedRpc } from '../shared-rpc.ts';
import { untilAnswering } from '../until-answering.ts';
import { readRemoteTls, remoteAuthority, type RemoteTls, remoteTlsDialer } from './options.ts';

/** Milliseconds in which a program that connects for us may ask its user for a login. */
const LOGIN_MS = 300_000;
/** Milliseconds that a daemon may take until it answers. */
const WAIT_MS = 20_000;

export const remoteFactory: DriverFactory = {
  name: 'remote',
  allowsInstances: true,
  check: (node) => void readRemoteTls(node),
  async open(_, node, connector) {
    const tls = readRemoteTls(node);
    return await openRemote(parseAddress(node.endpoint), connector, { tls, defaultLoad: defaultLoadOf(node) });
  },
};

/** The daemon at an address. Rejects with UNSUPPORTED, and for containers with what finding their engine throws. */
export async function openRemote(
  address: Address,
  connector: Connector,
  { tls, defaultLoad }: { readonly tls?: RemoteTls | undefined; readonly defaultLoad: boolean },
): Promise<NodeDriver> {
  const endpoint = formatAddress(address);
  const dial = await dialerOf(address, connector, tls);
  const connectMs = address.kind === 'ssh' || address.kind === 'kube-pod' ? LOGIN_MS : undefined;
  const connect = (): RpcClient =>
    createRpcClient(dial, { endpoint, authority: remoteAuthority(address, tls), connectMs });
  const rpc = address.kind === 'ssh' ? sharedRpc(`remote ${endpoint}`, connect) : connect();
  return {
    driver: 'remote',
    rpc,
    dial,
    endpoint,
    defaultLoad,
    dialSession: controlSessionDialer(rpc),
    bootStep: 'waiting for connection',
    async status(options) {
      const answers = createControlClient(rpc).listWorkers(options);
      return await answers.then(() => 'running' as const).catch(() => 'inactive' as const);
    },
    version: async () => '',
    features: () => driverFeatures(true, defaultLoad),
    boot: ({ signal }) => untilAnswering(rpc, { waitMs: WAIT_MS, signal }),
    stop: async () => {},
    remove: async () => {},
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}

async function dialerOf(address: Address, connector: Connector, tls: RemoteTls | undefined): Promise<Dialer> {
  if (address.kind === 'docker-container') {
    const { containerDialer } = await import('../docker-container/address.ts');
    return await containerDialer(address, connector);
  }
  if (address.kind === 'kube-pod') {
    const { kubePodDialer } = await import('../kubernetes/kube-pod.ts');
    return kubePodDialer(address, connector.settings.env);
  }
  return tls !== undefined && address.kind === 'tcp' ? remoteTlsDialer(address, tls) : dialerFor(address);
}
