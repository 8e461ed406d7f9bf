import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { createContentClient } from '../buildkit/content/index.ts';
import { createControlClient } from '../buildkit/control/index.ts';
import { createBridge } from '../buildkit/gateway/index.ts';
import type { Platform } from '../oci/index.ts';
import type { RegistryConfigs } from '../registry/images/index.ts';
import { openEngine } from './drivers/docker/index.ts';
import type { NodeDriver } from './drivers/driver.ts';
import { type BuilderQuery, findBuilder } from './find-builder.ts';
import type { BuilderNode, DriverName } from './node.ts';
import { noteUse } from './note-use.ts';
import { engineAt } from './open-engine.ts';
import { planNodes } from './plan-nodes.ts';
import { registriesOf } from './builder-registries.ts';
import type { InstanceNode } from './store/index.ts';

/** A builder, found and opened. Nothing is dialed before the first call of a node; disposing closes the connections. */
export interface OpenBuilder extends AsyncDisposable {
  readonly name: string;
  readonly driver: DriverName;
  /** With `create`: then starting it is part of a build. */
  readonly isMade: boolean;
  /** Those that could be opened, one at least; the default node first. */
  readonly nodes: readonly [BuilderNode, ...BuilderNode[]];
  /** How its daemons reach registries, as far as the builder was told when it was made. Rejects with INVALID_ARGUMENT. */
  registries(): Promise<RegistryConfigs>;
}

/**
 * Finds the builder as buildx does and opens its nodes. Nodes that cannot be opened are left out.
 * Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, UNSUPPORTED, IO.
 */
export async function openBuilder(query: BuilderQuery): Promise<OpenBuilder> {
  const found = await findBuilder(query);
  const { choice, endpoint, connector } = found;
  noteUse(choice, query);
  if (choice.kind === 'engine') {
    // Most builders: what is found is not looked for again.
    const engine = endpoint === undefined ? await connector.engine() : engineAt(endpoint, query);
    return openBuilderOf([builderNode({ builder: choice.name, name: choice.name, boots: false }, openEngine(engine))]);
  }
  const { name: builder, nodes } = planNodes(found, query);
  // Who names an address wants that daemon, and hears at once when there is none; a container can be started.
  const boots = ({ driver }: NodeDriver): boolean => choice.kind === 'instance' || driver !== 'remote';
  const opened: BuilderNode[] = [];
  let failure: unknown = new TsbuildxError('NOT_FOUND', `builder ${goQuote(builder)} has no nodes`);
  for (const { configured, open } of nodes) {
    const { name, platforms } = configured;
    try {
      const driver = await open();
      opened.push(builderNode({ builder, name, platforms, boots: boots(driver) }, driver));
    } catch (error) {
      failure = error;
    }
  }
  const [first, ...others] = opened;
  if (first === undefined) throw failure;
  return openBuilderOf([first, ...others], choice.kind === 'instance' ? nodes[0]?.configured : undefined);
}

function openBuilderOf(nodes: OpenBuilder['nodes'], configured?: InstanceNode): OpenBuilder {
  const [{ builder, driver }] = nodes;
  return {
    name: builder,
    driver,
    isMade: configured !== undefined,
    nodes,
    registries: async () => await registriesOf(configured),
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
    },
  };
}

interface NodeIdentity {
  readonly builder: string;
  readonly name: string;
  readonly platforms?: readonly Platform[];
  /** Whether it is booted when it does not answer. */
  readonly boots: boolean;
}

function builderNode({ builder, name, platforms = [], boots }: NodeIdentity, driver: NodeDriver): BuilderNode {
  const { rpc } = driver;
  const control = createControlClient(rpc);
  // a build that failed meanwhile does not wait for its node to boot
  const closing = new AbortController();
  return {
    builder,
    name,
    driver: driver.driver,
    endpoint: driver.endpoint,
    defaultLoad: driver.defaultLoad,
    platforms,
    engine: driver.engine,
    control,
    content: createContentClient(rpc),
    async connect({ onStatus, signal: wanted }) {
      const signal = AbortSignal.any([wanted, closing.signal]);
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
    async [Symbol.asyncDispose]() {
      closing.abort(new TsbuildxError('CANCELED', 'the builder was closed'));
      await driver[Symbol.asyncDispose]();
    },
  };
}
