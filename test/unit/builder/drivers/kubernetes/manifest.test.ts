// Expected objects are written down from buildx's manifest.go, as Go marshals them, without what is empty.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeManifest, type NodeManifest } from '../../../../../src/builder/drivers/kubernetes/manifest.ts';
import { readKubernetesOptions } from '../../../../../src/builder/drivers/kubernetes/options.ts';
import { parsePlatform } from '../../../../../src/oci/index.ts';

interface Input {
  readonly opts?: Record<string, string>;
  readonly flags?: readonly string[];
  readonly platforms?: readonly string[];
  readonly files?: Record<string, string>;
}

function manifest({ opts = {}, flags = [], platforms = [], files = {} }: Input): NodeManifest {
  return nodeManifest({
    name: 'test',
    options: readKubernetesOptions(opts),
    buildkitdFlags: flags,
    platforms: platforms.map((text) => parsePlatform(text)),
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  });
}

const probe = {
  exec: { command: ['buildctl', 'debug', 'workers'] },
  failureThreshold: 3,
  initialDelaySeconds: 5,
  periodSeconds: 30,
  successThreshold: 1,
  timeoutSeconds: 60,
};

const container = {
  name: 'buildkitd',
  image: 'moby/buildkit:buildx-stable-1',
  securityContext: { privileged: true },
  readinessProbe: probe,
  livenessProbe: probe,
};

const deployment = (spec: object, metadata: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'test', labels: { app: 'test' }, ...metadata },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'test' } },
    template: { metadata: { labels: { app: 'test' }, ...metadata }, spec },
  },
});

test('a deployment of one pod', () => {
  const node = manifest({ flags: ['--allow-insecure-entitlement=network.host'] });
  assert.equal(node.kind, 'deployments');
  assert.deepEqual(node.labels, { app: 'test' });
  assert.deepEqual(node.configMaps, []);
  const args = ['--allow-insecure-entitlement=network.host'];
  assert.deepEqual(node.workload, deployment({ containers: [{ ...container, args }] }));
});

test('labels, annotations, platforms, where pods run and as whom', () => {
  const node = manifest({
    opts: {
      replicas: '3',
      labels: 'team=a',
      annotations: 'note=b',
      nodeselector: 'disk=ssd',
      tolerations: 'key=k,operator=Exists,effect=NoSchedule,tolerationSeconds=0',
      schedulername: 'sched',
      serviceaccount: 'account',
      'env.A': 'b',
      'env.EMPTY': '',
      image: 'own:1',
    },
    platforms: ['linux/amd64', 'linux/arm/v7'],
  });
  const labels = { app: 'test', team: 'a' };
  const annotations = { 'buildx.docker.com/platform': 'linux/amd64,linux/arm/v7', note: 'b' };
  assert.deepEqual(node.workload, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'test', labels, annotations },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: {
          serviceAccountName: 'account',
          schedulerName: 'sched',
          containers: [{ ...container, image: 'own:1', env: [{ name: 'A', value: 'b' }, { name: 'EMPTY' }] }],
          nodeSelector: { disk: 'ssd' },
          tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 0 }],
        },
      },
    },
  });
});

test('resources: a request of ephemeral storage becomes a limit, as with buildx', () => {
  const all = manifest({
    opts: {
      'requests.cpu': '1000m',
      'requests.memory': '1024Mi',
      'requests.ephemeral-storage': '1Gi',
      'limits.cpu': '2',
      'limits.memory': '4Gi',
      'limits.ephemeral-storage': '2Gi',
    },
  });
  const resources = {
    requests: { cpu: '1', memory: '1Gi' },
    limits: { cpu: '2', memory: '4Gi', 'ephemeral-storage': '2Gi' },
  };
  assert.deepEqual(all.workload, deployment({ containers: [{ ...container, resources }] }));
  const requested = manifest({ opts: { 'requests.ephemeral-storage': '1Gi' } });
  const limited = { limits: { 'ephemeral-storage': '1Gi' } };
  assert.deepEqual(requested.workload, deployment({ containers: [{ ...container, resources: limited }] }));
});

test('rootless', () => {
  const metadata = {
    annotations: { 'container.apparmor.security.beta.kubernetes.io/buildkitd': 'unconfined' },
  };
  const rootless = {
    ...container,
    image: 'moby/buildkit:buildx-stable-1-rootless',
    args: ['--debug', '--oci-worker-no-process-sandbox'],
    securityContext: { seccompProfile: { type: 'Unconfined' } },
    volumeMounts: [{ name: 'buildkitd', mountPath: '/home/user/.local/share/buildkit' }],
  };
  const node = manifest({ opts: { rootless: 'true' }, flags: ['--debug'] });
  const spec = { containers: [rootless], volumes: [{ name: 'buildkitd', emptyDir: {} }] };
  assert.deepEqual(node.workload, deployment(spec, metadata));
  const inMemory = manifest({ opts: { rootless: 'true', 'buildkit-root-volume-memory': '1Gi' }, flags: ['--debug'] });
  const volumes = [{ name: 'buildkitd', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }];
  assert.deepEqual(inMemory.workload, deployment({ ...spec, volumes }, metadata));
});

test('qemu, and the cache in memory', () => {
  const node = manifest({ opts: { 'qemu.install': 'true', 'buildkit-root-volume-memory': '512Mi' } });
  assert.deepEqual(
    node.workload,
    deployment({
      initContainers: [
        {
          name: 'qemu',
          image: 'tonistiigi/binfmt:latest',
          args: ['--install', 'all'],
          securityContext: { privileged: true },
        },
      ],
      containers: [{ ...container, volumeMounts: [{ name: 'buildkit-memory', mountPath: '/var/lib/buildkit' }] }],
      volumes: [{ name: 'buildkit-memory', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } }],
    }),
  );
});

test('configuration: one config map for each directory', () => {
  const node = manifest({
    files: { 'certs/my.host/key.pem': 'K', 'buildkitd.toml': 'debug = true', 'certs/my.host/ca.pem': 'C' },
  });
  const map = (name: string, data: object): object => ({
    name,
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data },
  });
  assert.deepEqual(node.configMaps, [
    map('test-config', { 'buildkitd.toml': 'debug = true' }),
    map('test-config-1', { 'ca.pem': 'C', 'key.pem': 'K' }),
  ]);
  assert.deepEqual(
    node.workload,
    deployment({
      containers: [
        {
          ...container,
          volumeMounts: [
            { name: 'config', mountPath: '/etc/buildkit' },
            { name: 'config-1', mountPath: '/etc/buildkit/certs/my.host' },
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: 'test-config' } },
        { name: 'config-1', configMap: { name: 'test-config-1' } },
      ],
    }),
  );
});

test('a stateful set keeps the cache on a volume', () => {
  const storage = { 'persistent-volume-claim.requests.storage': '10Gi' };
  const stateful = (spec: object, metadata: object = {}): object => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'test', labels: { app: 'test' }, ...metadata },
    spec: {
      serviceName: 'buildkitd',
      podManagementPolicy: 'Parallel',
      replicas: 1,
      selector: { matchLabels: { app: 'test' } },
      template: { metadata: { labels: { app: 'test' }, ...metadata }, spec },
      volumeClaimTemplates: [
        {
          metadata: { name: 'buildkitd' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
        },
      ],
    },
  });
  const node = manifest({ opts: storage, files: { 'buildkitd.toml': '' } });
  assert.equal(node.kind, 'statefulsets');
  assert.deepEqual(
    node.workload,
    stateful({
      // the configuration is not mounted: buildx replaces the list
      containers: [{ ...container, volumeMounts: [{ name: 'buildkitd', mountPath: '/var/lib/buildkit' }] }],
      volumes: [{ name: 'config', configMap: { name: 'test-config' } }],
    }),
  );
});

test('names that are reserved and quantities that are none are refused', () => {
  const table: readonly (readonly [opts: Record<string, string>, message: RegExp])[] = [
    [{ labels: 'app=x' }, /^the label "app" is reserved and cannot be customized$/],
    [
      { annotations: 'buildx.docker.com/platform=x' },
      /^the annotation "buildx.docker.com\/platform" is reserved and cannot be customized$/,
    ],
    [{ 'requests.cpu': 'x' }, /^quantities must match/],
    [{ 'limits.memory': '1Mib' }, /^quantities must match/],
    [{ 'requests.ephemeral-storage': 'x', 'limits.ephemeral-storage': '1' }, /^quantities must match/],
    [{ 'persistent-volume-claim.requests.storage': 'big' }, /^quantities must match/],
    [{ 'buildkit-root-volume-memory': '1GG' }, /^unable to parse quantity's suffix$/],
  ];
  for (const [opts, message] of table) assert.throws(() => manifest({ opts }), { code: 'INVALID_ARGUMENT', message });
});
