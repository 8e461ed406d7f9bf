import { TsbuildxError } from '../base/errors.ts';
import type { RpcClientOptions } from '../buildkit/rpc/index.ts';
import type { DockerFlags } from '../docker/contexts/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';
import { type Address, type Dialer, dialerFor, formatAddress, parseAddress } from '../transport/index.ts';
import type { DriverName } from './node.ts';
import { readRemoteTls, remoteAuthority, type RemoteTls, remoteTlsDialer } from './remote-options.ts';
import type { Instance, InstanceNode } from './store/index.ts';

/** Milliseconds in which a program that connects for us may ask its user for a login. */
const LOGIN_MS = 300_000;

/** A BuildKit of its own, beside an engine or without one, and how it is reached. Nothing is dialed yet. */
export interface NodeTarget {
  readonly driver: Exclude<DriverName, 'docker'>;
  readonly dial: Dialer;
  /** How it is called, among it its address for messages. */
  readonly rpc: RpcClientOptions;
  /** Of the docker-container driver. */
  readonly container?: { readonly engine: EngineClient; readonly name: string };
}

export interface Connector {
  /** The engine of a docker context or at an address, default the current one. */
  engine(which?: DockerFlags): Promise<EngineClient>;
}

/** The daemon at an address. Throws UNSUPPORTED, and for containers what finding their engine throws. */
export async function addressTarget(address: Address, connector: Connector, tls?: RemoteTls): Promise<NodeTarget> {
  const endpoint = formatAddress(address);
  if (address.kind === 'docker-container') {
    const { context, container } = address;
    const engine = await connector.engine(context === undefined ? undefined : { context });
    return containerTarget(engine, container, endpoint);
  }
  const usesTls = tls !== undefined && address.kind === 'tcp';
  const dial = usesTls ? remoteTlsDialer(address, tls) : dialerFor(address);
  const connectMs = address.kind === 'ssh' || address.kind === 'kube-pod' ? LOGIN_MS : undefined;
  return { driver: 'remote', dial, rpc: { endpoint, authority: remoteAuthority(address, tls), connectMs } };
}

/** The daemon of a node that was made with `create`. Throws INVALID_ARGUMENT, UNSUPPORTED, NOT_FOUND, IO. */
export async function nodeTarget(instance: Instance, node: InstanceNode, connector: Connector): Promise<NodeTarget> {
  const builder = JSON.stringify(instance.name);
  switch (instance.driver) {
    case 'remote':
      return {
        ...(await addressTarget(parseAddress(node.endpoint), connector, readRemoteTls(node))),
        driver: 'remote',
      };
    case 'docker-container': {
      const isAddress = node.endpoint.includes('://');
      if (isAddress && !node.endpoint.startsWith('unix://')) {
        throw new TsbuildxError(
          'UNSUPPORTED',
          `builder ${builder} lives on ${node.endpoint}: make a docker context for it`,
        );
      }
      const engine = await connector.engine(isAddress ? { host: node.endpoint } : { context: node.endpoint });
      const name = `buildx_buildkit_${node.name}`;
      return containerTarget(engine, name, `docker-container://${name}`);
    }
    default:
      throw new TsbuildxError(
        'UNSUPPORTED',
        `builder ${builder} has the driver ${JSON.stringify(instance.driver)}, which is not supported yet`,
      );
  }
}

/** A buildkitd in a running container, reached through its own client. */
function containerTarget(engine: EngineClient, name: string, endpoint: string): NodeTarget {
  const dial = engine.execDialer(name, ['buildctl', 'dial-stdio']);
  return { driver: 'docker-container', dial, rpc: { endpoint }, container: { engine, name } };
}
