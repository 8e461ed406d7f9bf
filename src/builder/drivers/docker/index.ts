// Matches buildx driver/docker/{driver,factory}.go: the engine's own BuildKit.
import { controlSessionDialer, sessionHeaderPairs } from '../../../buildkit/control/index.ts';
import { createRpcClient, type RpcClient } from '../../../buildkit/rpc/index.ts';
import type { EngineClient } from '../../../docker/engine/index.ts';
import type { DriverFactory, NodeDriver } from '../driver.ts';
import { driverFeatures } from '../features.ts';
import { invalidOption } from '../options.ts';
import { sharedRpc } from '../shared-rpc.ts';

/** Milliseconds between pings of an engine's own BuildKit, which allows them: a dead one is noticed soon. */
const KEEP_ALIVE_MS = 10_000;
const SNAPSHOTTER_LABEL = 'org.mobyproject.buildkit.worker.snapshotter';

export const dockerFactory: DriverFactory = {
  name: 'docker',
  allowsInstances: false,
  check({ files }) {
    if (Object.keys(files).length > 0) {
      throw invalidOption('setting config file is not supported for docker driver, use dockerd configuration file');
    }
  },
  async open(_, node, connector) {
    dockerFactory.check(node);
    return openEngine(await connector.engineOf(node.endpoint));
  },
};

/** The BuildKit of this engine. */
export function openEngine(engine: EngineClient): NodeDriver {
  const connect = (): RpcClient =>
    createRpcClient(engine.grpcDialer, { endpoint: engine.host, keepAliveMs: KEEP_ALIVE_MS });
  const isFar = engine.host.startsWith('ssh://');
  const rpc = isFar ? sharedRpc(`docker ${engine.host}`, connect) : connect();
  return {
    driver: 'docker',
    rpc,
    dial: engine.grpcDialer,
    endpoint: engine.host,
    defaultLoad: true,
    engine,
    // On the same connection where another one is another login.
    dialSession: isFar
      ? controlSessionDialer(rpc)
      : (session, options) => engine.openSession(sessionHeaderPairs(session), options),
    bootStep: undefined,
    async status(options) {
      await engine.version(options);
      return 'running';
    },
    async version(options) {
      const { engineBuildkit } = await import('./version.ts');
      return engineBuildkit((await engine.version(options)).version);
    },
    features(workers) {
      const has = workers.some(({ labels }) => SNAPSHOTTER_LABEL in labels);
      return { ...driverFeatures(has, true), 'Prefer image digest': has };
    },
    boot: async () => {},
    stop: async () => {},
    remove: async () => {},
    [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
  };
}
