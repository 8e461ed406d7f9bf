import { assertNever, TsbuildxError } from '../base/errors.ts';
import { createControlClient } from '../buildkit/control/index.ts';
import { createBridge } from '../buildkit/gateway/index.ts';
import { openEngine } from './drivers/docker/index.ts';
import { driverFactory, type NodeDriver, openAddress } from './drivers/driver.ts';
import { type BuilderQuery, findBuilder } from './find-builder.ts';
import type { BuilderNode } from './node.ts';
import { noteUse } from './note-use.ts';
import { engineAt } from './open-engine.ts';

/**
 * Finds the builder as buildx does and gives its node. Nothing is dialed before the first call.
 * Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, UNSUPPORTED, IO.
 */
export async function openNode(query: BuilderQuery): Promise<BuilderNode> {
  const { choice, endpoint, connector } = await findBuilder(query);
  noteUse(choice, query);
  switch (choice.kind) {
    case 'engine': {
      const engine = endpoint === undefined ? await connector.engine() : engineAt(endpoint, query);
      return builderNode({ builder: choice.name, name: choice.name, boots: false }, openEngine(engine));
    }
    case 'address': {
      const driver = await openAddress(choice.address, connector);
      // Who names an address wants that daemon, and hears at once when there is none; a container can be started.
      return builderNode({ builder: 'remote', name: 'remote0', boots: driver.driver !== 'remote' }, driver);
    }
    case 'instance': {
      const { instance } = choice;
      const [node, ...others] = instance.nodes;
      const builder = JSON.stringify(instance.name);
      if (node === undefined) throw new TsbuildxError('NOT_FOUND', `builder ${builder} has no nodes`);
      if (others.length > 0) {
        throw new TsbuildxError(
          'UNSUPPORTED',
          `builder ${builder} has several nodes, which is not supported yet: name one with --builder ADDRESS`,
        );
      }
      const factory = await driverFactory(instance.driver);
      const driver = await factory.open(instance, node, connector);
      return builderNode({ builder: instance.name, name: node.name, boots: true }, driver);
    }
    default:
      return assertNever(choice);
  }
}

interface NodeIdentity {
  readonly builder: string;
  readonly name: string;
  /** Whether it is booted when it does not answer. */
  readonly boots: boolean;
}

function builderNode({ builder, name, boots }: NodeIdentity, driver: NodeDriver): BuilderNode {
  const { rpc } = driver;
  const control = createControlClient(rpc);
  return {
    builder,
    name,
    driver: driver.driver,
    endpoint: driver.endpoint,
    defaultLoad: driver.defaultLoad,
    engine: driver.engine,
    control,
    async connect({ onStatus, signal }) {
      if (!boots) return await control.listWorkers({ signal });
      try {
        return await control.listWorkers({ signal });
      } catch (error) {
        if (signal.aborted) throw error;
        await driver.status({ signal }); // rejects where nothing can be booted
        const { bootAndConnect } = await import('./boot-node.ts');
        return await bootAndConnect(driver, { prefix: '', onStatus, signal });
      }
    },
    bridge: (ref) => createBridge(rpc, { ref }),
    dialSession: driver.dialSession,
    [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
  };
}
