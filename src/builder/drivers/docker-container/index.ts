// Matches buildx driver/docker-container/{driver,factory}.go: a buildkitd in a container of an engine.
import { controlSessionDialer } from '../../../buildkit/control/index.ts';
import { createRpcClient, type RpcClient } from '../../../buildkit/rpc/index.ts';
import type { EngineClient } from '../../../docker/engine/index.ts';
import { formatAddress } from '../../../transport/index.ts';
import type { Connector } from '../connector.ts';
import type { DriverFactory, NodeDriver } from '../driver.ts';
import { driverFeatures } from '../features.ts';
import { buildctlDialer, type ContainerAddress, containerEngine } from './address.ts';
import { bootContainer } from './boot.ts';
import { containerStatus } from './container-status.ts';
import type { ContainerNode } from './create.ts';
import { sharedRpc } from '../shared-rpc.ts';
import { readContainerOptions } from './options.ts';
import { buildkitdVersion } from './version.ts';

export const dockerContainerFactory: DriverFactory = {
  name: 'docker-container',
  allowsInstances: true,
  check: ({ driverOpts }) => void readContainerOptions(driverOpts),
  async open(_, node, connector) {
    const engine = await connector.engineOf(node.endpoint);
    const { driverOpts, buildkitdFlags: flags, files } = node;
    const options = readContainerOptions(driverOpts);
    const made = { name: `buildx_buildkit_${node.name}`, options, flags, files };
    return containerDriver(engine, {
      name: made.name,
      endpoint: `docker-container://${made.name}`,
      defaultLoad: options.defaultLoad,
      node: made,
      connector,
    });
  },
};

/** The buildkitd in a container that is there already, whoever made it. */
export async function openContainer(address: ContainerAddress, connector: Connector): Promise<NodeDriver> {
  const engine = await containerEngine(address, connector);
  const endpoint = formatAddress(address);
  return containerDriver(engine, { name: address.container, endpoint, defaultLoad: false, node: undefined, connector });
}

interface ContainerSetting {
  /** Of the container. */
  readonly name: string;
  readonly endpoint: string;
  readonly defaultLoad: boolean;
  /** How it is made; undefined when that is up to somebody else. */
  readonly node: ContainerNode | undefined;
  readonly connector: Connector;
}

function containerDriver(engine: EngineClient, setting: ContainerSetting): NodeDriver {
  const { name, endpoint, defaultLoad, node, connector } = setting;
  const dial = buildctlDialer(engine, name);
  const connect = (): RpcClient => createRpcClient(dial, { endpoint });
  const rpc = engine.host.startsWith('ssh://') ? sharedRpc(`${name} of ${engine.host}`, connect) : connect();
  return {
    driver: 'docker-container',
    rpc,
    dial,
    endpoint,
    defaultLoad,
    dialSession: controlSessionDialer(rpc),
    bootStep: 'booting buildkit',
    status: (options) => containerStatus(engine, name, options),
    version: (options) => buildkitdVersion(engine, name, options),
    features: () => driverFeatures(true, defaultLoad),
    boot: (options) => bootContainer({ engine, name, rpc, node, settings: connector.settings }, options),
    async stop({ signal }) {
      const { stopContainer } = await import('../../../docker/containers/index.ts');
      if ((await containerStatus(engine, name, { signal })) === 'running')
        await stopContainer(engine, name, { signal });
    },
    async remove(options) {
      const { removeNode } = await import('./remove.ts');
      await removeNode(engine, name, options);
    },
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}
