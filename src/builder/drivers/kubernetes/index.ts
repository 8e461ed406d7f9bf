// Matches buildx driver/kubernetes/{driver,factory}.go: buildkitds in the pods of a deployment or a stateful set.
import { controlSessionDialer } from '../../../buildkit/control/index.ts';
import { createRpcClient } from '../../../buildkit/rpc/index.ts';
import type { Instance, InstanceNode } from '../../store/index.ts';
import type { Connector } from '../connector.ts';
import type { DriverFactory, NodeDriver } from '../driver.ts';
import { driverFeatures } from '../features.ts';
import { untilAnswering } from '../until-answering.ts';
import { createNodeObjects } from './create-objects.ts';
import { podDialer } from './dial-pod.ts';
import { humanDuration } from './human-duration.ts';
import { nodeManifest, type NodeManifest } from './manifest.ts';
import { openCluster } from './open-cluster.ts';
import { type KubernetesOptions, readKubernetesOptions } from './options.ts';
import { podNodes } from './pod-nodes.ts';
import { removeObjects } from './remove-objects.ts';
import { workloadStatus } from './status.ts';
import { untilReady } from './until-ready.ts';

/** Milliseconds in which a program that gives credentials may ask its user for a login. */
const LOGIN_MS = 300_000;
/** Milliseconds that a daemon whose pod is ready may take until it answers. */
const ANSWER_MS = 20_000;

export const kubernetesFactory: DriverFactory = {
  name: 'kubernetes',
  allowsInstances: true,
  check: (node) => void plan(node),
  async open(_: Instance, node: InstanceNode, connector: Connector): Promise<NodeDriver> {
    const { options, manifest } = plan(node);
    const kube = await openCluster(node.endpoint, options.namespace, connector.settings.env);
    const { kind, name, labels } = manifest;
    const dial = podDialer(kube, { labels, loadBalance: options.loadBalance, key: connector.contextKey });
    const rpc = createRpcClient(dial, { endpoint: node.endpoint, connectMs: LOGIN_MS, via: kube });
    return {
      driver: 'kubernetes',
      dial,
      rpc,
      endpoint: node.endpoint,
      defaultLoad: options.defaultLoad,
      dialSession: controlSessionDialer(rpc),
      bootStep: 'booting buildkit',
      status: (call) => workloadStatus(kube, manifest, call),
      dynamicNodes: (call) => podNodes(kube, labels, call),
      version: async () => '',
      features: () => driverFeatures(true, options.defaultLoad),
      async boot({ tell, signal }) {
        await createNodeObjects(kube, manifest, { signal });
        const { replicas, timeoutMs } = options;
        await tell.part(
          `waiting for ${replicas} pods to be ready, timeout: ${humanDuration(timeoutMs)}`,
          async () => await untilReady(kube, { kind, name, replicas, timeoutMs }, { signal }),
        );
        await untilAnswering(rpc, { waitMs: ANSWER_MS, signal });
      },
      // as buildx: the deployment keeps its pods
      stop: async () => {},
      async remove({ keepDaemon, signal }) {
        if (!keepDaemon) await removeObjects(kube, manifest, { signal });
      },
      [Symbol.asyncDispose]: () => rpc[Symbol.asyncDispose](),
    };
  },
};

interface NodePlan {
  readonly options: KubernetesOptions;
  readonly manifest: NodeManifest;
}

function plan(node: InstanceNode): NodePlan {
  const options = readKubernetesOptions(node.driverOpts);
  const { buildkitdFlags, platforms, files } = node;
  // a name in Kubernetes has no underscores
  const name = node.name.replaceAll('_', '-');
  return { options, manifest: nodeManifest({ name, options, buildkitdFlags, platforms, files }) };
}
