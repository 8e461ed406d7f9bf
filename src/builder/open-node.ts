import { assertNever, TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { controlSessionDialer, createControlClient, sessionHeaderPairs } from '../buildkit/control/index.ts';
import { createBridge } from '../buildkit/gateway/index.ts';
import { createRpcClient, type RpcClientOptions } from '../buildkit/rpc/index.ts';
import { type DockerFlags, hasContext } from '../docker/contexts/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';
import { type Address, type Dialer, dialerFor, formatAddress, joinHostPort, parseAddress } from '../transport/index.ts';
import { chooseBuilder } from './choose.ts';
import type { BuilderNode, DriverName } from './node.ts';
import { engineAt, type EngineSettings, findEngine } from './open-engine.ts';
import { type Instance, openStateDir } from './store/index.ts';

export interface OpenNodeInput extends EngineSettings {
  /** A builder's name, a docker context, or an address; empty: the current builder. Default: BUILDX_BUILDER, else that. */
  readonly builder: string | undefined;
}

/** Milliseconds between pings of an engine's own BuildKit, which allows them: a dead one is noticed soon. */
const ENGINE_KEEP_ALIVE_MS = 10_000;
/** Milliseconds in which a program that connects for us may ask its user for a login. */
const LOGIN_MS = 300_000;

/**
 * Finds the builder as buildx does and gives its node. Nothing is dialed before the first call.
 * Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, UNSUPPORTED, IO.
 */
export async function openNode(input: OpenNodeInput): Promise<BuilderNode> {
  const { env, config } = input;
  const name = (input.builder ?? env['BUILDX_BUILDER']) || undefined;
  // An address needs no engine, so that none has to be found for it.
  const endpoint = name?.includes('://') ? undefined : await findEngine(input);
  const choice = await chooseBuilder({
    name,
    stateDir: openStateDir(config.dir, env),
    context: endpoint?.context ?? '',
    host: endpoint?.host ?? '',
    hasContext: (context) => hasContext(config.dir, context),
  });
  const connector: Connector = { engine: async (which) => engineAt(await findEngine(input, which), input) };
  switch (choice.kind) {
    case 'engine':
      return engineNode(choice.name, endpoint === undefined ? await connector.engine() : engineAt(endpoint, input));
    case 'address':
      return addressNode({ builder: 'remote', name: 'remote0', defaultLoad: false }, choice.address, connector);
    case 'instance':
      return instanceNode(choice.instance, connector);
    default:
      return assertNever(choice);
  }
}

interface Connector {
  /** The engine of a docker context or at an address, default the current one. */
  engine(which?: DockerFlags): Promise<EngineClient>;
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

async function addressNode(identity: NodeIdentity, address: Address, connector: Connector): Promise<BuilderNode> {
  const endpoint = formatAddress(address);
  if (address.kind === 'docker-container') {
    const { context } = address;
    const engine = await connector.engine(context === undefined ? undefined : { context });
    return buildkitNode(identity, 'docker-container', containerDialer(engine, address.container), { endpoint });
  }
  const authority = address.kind === 'tcp' ? joinHostPort(address.host, address.port) : undefined;
  const connectMs = address.kind === 'ssh' || address.kind === 'kube-pod' ? LOGIN_MS : undefined;
  return buildkitNode(identity, 'remote', dialerFor(address), { endpoint, authority, connectMs });
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
  const defaultLoad = parseGoBool(node.driverOpts['default-load'] ?? '') === true;
  const identity = { builder: instance.name, name: node.name, defaultLoad };
  switch (instance.driver) {
    case 'remote':
      if (Object.keys(node.driverOpts).some((name) => name !== 'default-load')) {
        throw new TsbuildxError(
          'UNSUPPORTED',
          `builder ${builder} needs TLS, which is not supported yet for the remote driver`,
        );
      }
      return addressNode(identity, parseAddress(node.endpoint), connector);
    case 'docker-container': {
      const isAddress = node.endpoint.includes('://');
      if (isAddress && !node.endpoint.startsWith('unix://')) {
        throw new TsbuildxError(
          'UNSUPPORTED',
          `builder ${builder} lives on ${node.endpoint}: make a docker context for it`,
        );
      }
      const engine = await connector.engine(isAddress ? { host: node.endpoint } : { context: node.endpoint });
      const container = `buildx_buildkit_${node.name}`;
      const endpoint = `docker-container://${container}`;
      return buildkitNode(identity, 'docker-container', containerDialer(engine, container), { endpoint });
    }
    default:
      throw new TsbuildxError(
        'UNSUPPORTED',
        `builder ${builder} has the driver ${JSON.stringify(instance.driver)}, which is not supported yet`,
      );
  }
}

/** A buildkitd in a running container, reached through its own client. */
function containerDialer(engine: EngineClient, container: string): Dialer {
  return engine.execDialer(container, ['buildctl', 'dial-stdio']);
}

function buildkitNode(
  identity: NodeIdentity,
  driver: DriverName,
  dial: Dialer,
  options: RpcClientOptions,
): BuilderNode {
  const rpc = createRpcClient(dial, options);
  return {
    ...identity,
    driver,
    endpoint: options.endpoint,
    control: createControlClient(rpc),
    bridge: (ref) => createBridge(rpc, { ref }),
    dialSession: controlSessionDialer(rpc),
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}
