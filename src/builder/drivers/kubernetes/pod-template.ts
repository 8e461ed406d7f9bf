// Matches buildx driver/kubernetes/manifest/manifest.go NewDeployment and toRootless.
import { canonicalQuantity, type KubeObject } from '../../../kube/index.ts';
import type { ConfigDirectory } from './config-files.ts';
import type { ManifestInput } from './manifest.ts';
import type { KubernetesOptions, Labels } from './options.ts';

export interface PodInput extends ManifestInput {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly configs: readonly (ConfigDirectory & { readonly mapName: string })[];
}

const CONTAINER = 'buildkitd';
const DATA_VOLUME = 'buildkitd';
const MEMORY_VOLUME = 'buildkit-memory';
const DATA_PATH = '/var/lib/buildkit';
const ROOTLESS_DATA_PATH = '/home/user/.local/share/buildkit';

const PROBE: KubeObject = {
  exec: { command: ['buildctl', 'debug', 'workers'] },
  failureThreshold: 3,
  initialDelaySeconds: 5,
  periodSeconds: 30,
  successThreshold: 1,
  timeoutSeconds: 60,
};

const PRIVILEGED: KubeObject = { privileged: true };

/** Throws INVALID_ARGUMENT for quantities that are none. */
export function podTemplate(input: PodInput): KubeObject {
  const { options } = input;
  const { nodeSelector, tolerations, schedulerName, serviceAccount, qemuImage } = options;
  const qemu = { name: 'qemu', image: qemuImage, args: ['--install', 'all'], securityContext: PRIVILEGED };
  const volumes = volumesOf(input);
  return {
    metadata: { labels: input.labels, ...filled('annotations', input.annotations) },
    spec: {
      ...filled('serviceAccountName', serviceAccount),
      ...filled('schedulerName', schedulerName),
      ...(qemuImage === undefined ? {} : { initContainers: [qemu] }),
      containers: [container(input)],
      ...filled('volumes', volumes),
      ...filled('nodeSelector', nodeSelector),
      ...filled('tolerations', tolerations ?? []),
    },
  };
}

function container(input: PodInput): KubeObject {
  const { options, buildkitdFlags } = input;
  const args = options.rootless ? [...buildkitdFlags, '--oci-worker-no-process-sandbox'] : buildkitdFlags;
  return {
    name: CONTAINER,
    image: options.image,
    ...filled('args', args),
    ...filled('env', options.env.map(envVariable)),
    securityContext: options.rootless ? { seccompProfile: { type: 'Unconfined' } } : PRIVILEGED,
    readinessProbe: PROBE,
    livenessProbe: PROBE,
    ...filled('resources', resources(options)),
    ...filled('volumeMounts', mountsOf(input)),
  };
}

function envVariable({ name, value }: { readonly name: string; readonly value: string }): KubeObject {
  return value === '' ? { name } : { name, value };
}

function resources({ requests, limits }: KubernetesOptions): KubeObject {
  const asked = { ...quantity('cpu', requests.cpu), ...quantity('memory', requests.memory) };
  const allowed = {
    // a request for it sets the limit: as buildx has it
    ...quantity('ephemeral-storage', limits.ephemeralStorage || requests.ephemeralStorage),
    ...quantity('cpu', limits.cpu),
    ...quantity('memory', limits.memory),
  };
  if (requests.ephemeralStorage !== '') canonicalQuantity(requests.ephemeralStorage);
  return { ...filled('requests', asked), ...filled('limits', allowed) };
}

function volumesOf({ configs, options }: PodInput): readonly KubeObject[] {
  const { rootless, rootVolumeMemory } = options;
  const memory = rootVolumeMemory === '' ? {} : { medium: 'Memory', sizeLimit: canonicalQuantity(rootVolumeMemory) };
  return [
    ...configs.map(({ name, mapName }) => ({ name, configMap: { name: mapName } })),
    ...(rootless ? [{ name: DATA_VOLUME, emptyDir: memory }] : []),
    ...(!rootless && rootVolumeMemory !== '' ? [{ name: MEMORY_VOLUME, emptyDir: memory }] : []),
  ];
}

function mountsOf({ configs, options }: PodInput): readonly KubeObject[] {
  const { rootless, rootVolumeMemory, persistentStorage } = options;
  // buildx mounts nothing else beside a persistent volume: no configuration either
  if (!rootless && persistentStorage !== '') return [{ name: DATA_VOLUME, mountPath: DATA_PATH }];
  return [
    ...configs.map(({ name, mountPath }) => ({ name, mountPath })),
    ...(rootless ? [{ name: DATA_VOLUME, mountPath: ROOTLESS_DATA_PATH }] : []),
    ...(!rootless && rootVolumeMemory !== '' ? [{ name: MEMORY_VOLUME, mountPath: DATA_PATH }] : []),
  ];
}

function quantity(name: string, text: string): KubeObject {
  return text === '' ? {} : { [name]: canonicalQuantity(text) };
}

/** The member `name`, unless it is empty. */
function filled(name: string, value: string | readonly unknown[] | KubeObject): KubeObject {
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value).length;
  return size === 0 ? {} : { [name]: value };
}
