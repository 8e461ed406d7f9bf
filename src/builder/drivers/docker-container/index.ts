// Matches buildx driver/docker-container/{driver,factory}.go: a buildkitd in a container of an engine.
import { TsbuildxError } from '../../../base/errors.ts';
import { controlSessionDialer } from '../../../buildkit/control/index.ts';
import { createRpcClient } from '../../../buildkit/rpc/index.ts';
import type { EngineClient } from '../../../docker/engine/index.ts';
import { formatAddress } from '../../../transport/index.ts';
import type { Connector } from '../connector.ts';
import type { DriverFactory, NodeDriver } from '../driver.ts';
import { driverFeatures } from '../features.ts';
import { defaultLoadOf } from '../options.ts';
import { untilAnswering } from '../until-answering.ts';
import { buildctlDialer, type ContainerAddress, containerEngine } from './address.ts';
import { containerStatus } from './container-status.ts';
import { checkContainerOptions } from './options.ts';
import { buildkitdVersion } from './version.ts';

/** Milliseconds that a daemon may take until it answers. */
const WAIT_MS = 20_000;

export const dockerContainerFactory: DriverFactory = {
  name: 'docker-container',
  allowsInstances: true,
  check: ({ driverOpts }) => checkContainerOptions(driverOpts),
  async open(instance, node, connector) {
    const isAddress = node.endpoint.includes('://');
    if (isAddress && !node.endpoint.startsWith('unix://')) {
      const builder = JSON.stringify(instance.name);
      throw new TsbuildxError(
        'UNSUPPORTED',
        `builder ${builder} lives on ${node.endpoint}: make a docker context for it`,
      );
    }
    const engine = await connector.engine(isAddress ? { host: node.endpoint } : { context: node.endpoint });
    dockerContainerFactory.check(node);
    const name = `buildx_buildkit_${node.name}`;
    return containerDriver(engine, { name, endpoint: `docker-container://${name}`, defaultLoad: defaultLoadOf(node) });
  },
};

/** The buildkitd in a container that is there already, whoever made it. */
export async function openContainer(address: ContainerAddress, connector: Connector): Promise<NodeDriver> {
  const engine = await containerEngine(address, connector);
  return containerDriver(engine, { name: address.container, endpoint: formatAddress(address), defaultLoad: false });
}

interface ContainerNode {
  /** Of the container. */
  readonly name: string;
  readonly endpoint: string;
  readonly defaultLoad: boolean;
}

function containerDriver(engine: EngineClient, { name, endpoint, defaultLoad }: ContainerNode): NodeDriver {
  const dial = buildctlDialer(engine, name);
  const rpc = createRpcClient(dial, { endpoint });
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
    async boot({ tell, signal }) {
      await tell.part(`starting container ${name}`, async () => {
        await start(engine, name, signal);
        await untilAnswering(rpc, { waitMs: WAIT_MS, signal });
      });
    },
    stop: async () => {},
    remove: async () => {},
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}

async function start(engine: EngineClient, name: string, signal: AbortSignal): Promise<void> {
  try {
    await engine.startContainer(name, { signal });
  } catch (error) {
    if (!(error instanceof TsbuildxError) || error.code !== 'NOT_FOUND') throw error;
    const text = `container ${name} does not exist, and making it is not supported yet: run \`docker buildx inspect --bootstrap\``;
    throw new TsbuildxError('UNSUPPORTED', text, { cause: error });
  }
}
