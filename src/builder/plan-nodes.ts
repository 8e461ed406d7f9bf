import { assertNever } from '../base/errors.ts';
import { openEngine } from './drivers/docker/index.ts';
import { driverFactory, type NodeDriver, openAddress } from './drivers/driver.ts';
import type { BuilderQuery, FoundBuilder } from './find-builder.ts';
import type { InstanceNode } from './store/index.ts';

/** A builder before its daemons are asked. */
export interface BuilderPlan {
  readonly name: string;
  readonly driver: string;
  readonly nodes: readonly PlannedNode[];
}

export interface PlannedNode {
  readonly configured: InstanceNode;
  /** Throws when its options or its endpoint make no sense. */
  readonly open: () => Promise<NodeDriver>;
}

/** Who is asked when a builder is looked at, stopped or dialed. Nothing is dialed by it. */
export function planNodes({ choice, endpoint, connector }: FoundBuilder, query: BuilderQuery): BuilderPlan {
  switch (choice.kind) {
    case 'engine': {
      const isCurrent = endpoint === undefined || endpoint.context === choice.name;
      const which = isCurrent ? query.flags : { context: choice.name };
      const open = async (): Promise<NodeDriver> => openEngine(await connector.engine(which));
      return {
        name: choice.name,
        driver: 'docker',
        nodes: [{ configured: plainNode(choice.name, choice.name), open }],
      };
    }
    case 'address': {
      const { address, text } = choice;
      const driver = address.kind === 'docker-container' ? 'docker-container' : 'remote';
      const open = (): Promise<NodeDriver> => openAddress(address, connector);
      return { name: 'remote', driver, nodes: [{ configured: plainNode('remote0', text), open }] };
    }
    case 'instance': {
      const { instance } = choice;
      const open = async (node: InstanceNode): Promise<NodeDriver> => {
        const factory = await driverFactory(instance.driver);
        return await factory.open(instance, node, connector);
      };
      const nodes = instance.nodes.map((node) => ({ configured: node, open: () => open(node) }));
      return { name: instance.name, driver: instance.driver, nodes };
    }
    default:
      return assertNever(choice);
  }
}

function plainNode(name: string, endpoint: string): InstanceNode {
  return { name, endpoint, driverOpts: {}, buildkitdFlags: [], platforms: [], files: {} };
}
