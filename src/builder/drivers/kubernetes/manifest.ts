// Matches buildx driver/kubernetes/manifest/manifest.go, field by field; what Go leaves empty is absent.
import { goQuote } from '../../../base/go-quote.ts';
import { canonicalQuantity, type KubeKind, type KubeObject } from '../../../kube/index.ts';
import { formatPlatform, type Platform } from '../../../oci/index.ts';
import { invalidOption as invalid } from '../options.ts';
import { type ConfigFiles, splitConfigFiles } from './config-files.ts';
import type { KubernetesOptions, Labels } from './options.ts';
import { podTemplate } from './pod-template.ts';

/** What a node is made of. */
export interface NodeManifest {
  readonly kind: KubeKind & ('deployments' | 'statefulsets');
  readonly name: string;
  readonly workload: KubeObject;
  readonly configMaps: readonly { readonly name: string; readonly object: KubeObject }[];
  /** Its pods have them. */
  readonly labels: Labels;
}

export interface ManifestInput {
  /** Of the deployment. */
  readonly name: string;
  readonly options: KubernetesOptions;
  readonly buildkitdFlags: readonly string[];
  readonly platforms: readonly Platform[];
  /** Below `/etc/buildkit`. */
  readonly files: ConfigFiles;
}

/** Pods tell by it which platforms they build. */
export const PLATFORM_ANNOTATION = 'buildx.docker.com/platform';
const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/buildkitd';
const APP_LABEL = 'app';

/** Throws INVALID_ARGUMENT: what must not be customized, quantities that are none. */
export function nodeManifest(input: ManifestInput): NodeManifest {
  const { name, options } = input;
  const labels = labelsOf(input);
  const annotations = annotationsOf(input);
  const metadata = { name, labels, ...present('annotations', annotations) };
  const configs = splitConfigFiles(input.files).map((config) => ({ ...config, mapName: `${name}-${config.name}` }));
  const template = podTemplate({ ...input, labels, annotations, configs });
  const common = { replicas: options.replicas, selector: { matchLabels: labels } };
  const isPersistent = options.persistentStorage !== '';
  return {
    kind: isPersistent ? 'statefulsets' : 'deployments',
    name,
    labels,
    workload: isPersistent
      ? {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata,
          spec: {
            serviceName: 'buildkitd',
            podManagementPolicy: 'Parallel',
            ...common,
            template,
            volumeClaimTemplates: [volumeClaim(options.persistentStorage)],
          },
        }
      : { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { ...common, template } },
    configMaps: configs.map(({ mapName, data }) => ({
      name: mapName,
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: mapName, ...present('annotations', annotations) },
        data,
      },
    })),
  };
}

/** The member `name`, unless it is empty. */
function present(name: string, value: Labels): KubeObject {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

function labelsOf({ name, options }: ManifestInput): Labels {
  if (APP_LABEL in options.labels) throw reserved('label', APP_LABEL);
  return { [APP_LABEL]: name, ...options.labels };
}

function annotationsOf({ platforms, options }: ManifestInput): Labels {
  if (PLATFORM_ANNOTATION in options.annotations) throw reserved('annotation', PLATFORM_ANNOTATION);
  const list = platforms.map(formatPlatform).join(',');
  return {
    ...(list === '' ? {} : { [PLATFORM_ANNOTATION]: list }),
    ...options.annotations,
    // on all objects: in Go they share one map
    ...(options.rootless ? { [APPARMOR_ANNOTATION]: 'unconfined' } : {}),
  };
}

function reserved(what: string, name: string): Error {
  return invalid(`the ${what} ${goQuote(name)} is reserved and cannot be customized`);
}

function volumeClaim(storage: string): KubeObject {
  return {
    metadata: { name: 'buildkitd' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: canonicalQuantity(storage) } } },
  };
}
