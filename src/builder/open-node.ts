import { assertNever, TsbuildxError } from '../base/errors.ts';
import { controlSessionDialer, createControlClient, sessionHeaderPairs } from '../buildkit/control/index.ts';
import { createBridge } from '../buildkit/gateway/index.ts';
import { createRpcClient } from '../buildkit/rpc/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';
import { type BuilderQuery, findBuilder } from './find-builder.ts';
import { addressTarget, type Connector, type NodeTarget, nodeTarget } from './node-target.ts';
import type { BuilderNode } from './node.ts';
import { engineAt } from './open-engine.ts';
import { defaultLoadOf } from './remote-options.ts';
import type { Instance } from './store/index.ts';

/** Milliseconds between pings of an engine's own BuildKit, which allows them: a dead one is noticed soon. */
const ENGINE_KEEP_ALIVE_MS = 10_000;

/**
 * Finds the builder as buildx does and gives its node. Nothing is dialed before the first call.
 * Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, UNSUPPORTED, IO.
 */
export async function openNode(query: BuilderQuery): Promise<BuilderNode> {
  const { choice, endpoint, connector } = await findBuilder(query);
  switch (choice.kind) {
    case 'engine':
      return engineNode(choice.name, endpoint === undefined ? await connector.engine() : engineAt(endpoint, query));
    case 'address': {
      const target = await addressTarget(choice.address, connector);
      return buildkitNode({ builder: 'remote', name: 'remote0', defaultLoad: false }, target);
    }
    case 'instance':
      return instanceNode(choice.instance, connector);
    default:
      return assertNever(choice);
  }
}

interface NodeIdentity {
  readonly builder: string;
  readonly name: string;
  readonly defaultLoad: boolean;
}

function engineNode(context: string, engine: EngineClient): BuilderNode {
  const rpc = createRpcClient(engine.grpcDialer, { endpoint: engine.host, keepAliveMs: ENGINE_KEEP_ALIVE_MS });
  return {
    builder: context,
    name: context,
    driver: 'docker',
    endpoint: engine.host,
    defaultLoad: true,
    engine,
    control: createControlClient(rpc),
    bridge: (ref) => createBridge(rpc, { ref }),
    dialSession: (session, options) => engine.openSession(sessionHeaderPairs(session), options),
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}

async function instanceNode(instance: Instance, connector: Connector): Promise<BuilderNode> {
  const [node, ...others] = instance.nodes;
  const builder = JSON.stringify(instance.name);
  if (node === undefined) throw new TsbuildxError('NOT_FOUND', `builder ${builder} has no nodes`);
  if (others.length > 0) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      `builder ${builder} has several nodes, which is not supported yet: name one with --builder ADDRESS`,
    );
  }
  const identity = { builder: instance.name, name: node.name, defaultLoad: defaultLoadOf(node) };
  return buildkitNode(identity, await nodeTarget(instance, node, connector));
}

function buildkitNode(identity: NodeIdentity, target: NodeTarget): BuilderNode {
  const { driver, dial } = target;
  const rpc = createRpcClient(dial, target.rpc);
  return {
    ...identity,
    driver,
    endpoint: target.rpc.endpoint,
    control: createControlClient(rpc),
    bridge: (ref) => createBridge(rpc, { ref }),
    dialSession: controlSessionDialer(rpc),
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}
