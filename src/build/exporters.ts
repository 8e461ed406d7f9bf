import { messageOf, TsbuildxError } from '../base/errors.ts';
import { formatReference, parseReference } from '../oci/index.ts';
import { isTrue, isTrueLoose, type NodeFeatures, notSupported } from './attributes.ts';
import type { OutputDestination, OutputSpec } from './options.ts';

/** One exporter of a solve request, and where its data goes on this machine. */
export interface Exporter {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly dest: OutputDestination | undefined;
}

/**
 * The exporters that outputs and tags stand for on this node. Matches buildx build/opt.go toSolveOpt.
 * Errors: INVALID_ARGUMENT, UNSUPPORTED.
 */
export function planExporters(
  outputs: readonly OutputSpec[],
  tags: readonly string[],
  features: NodeFeatures,
  env: Readonly<Record<string, string | undefined>>,
): Exporter[] {
  const names = tags.map(checkTag).join(',');
  const wanted = outputs.length > 0 ? outputs : defaultOutputs(features, env);
  return wanted.filter((output) => output.type !== 'cacheonly').map((output) => planExporter(output, names, features));
}

/** True when the response shall name the image by its manifest: the containerd image store knows it by that. */
export function prefersImageDigest(exporters: readonly Exporter[]): boolean {
  return exporters.some((exporter) => exporter.attrs['prefer-image-digest'] === 'true');
}

function defaultOutputs(features: NodeFeatures, env: Readonly<Record<string, string | undefined>>): OutputSpec[] {
  if (!features.isEngine || isTrue(env['BUILDX_NO_DEFAULT_LOAD'], 'BUILDX_NO_DEFAULT_LOAD')) return [];
  return [{ type: 'image', attrs: {} }];
}

function planExporter(output: OutputSpec, names: string, features: NodeFeatures): Exporter {
  const attrs: Record<string, string> = { ...output.attrs };
  const loads = output.type === 'docker' && output.dest === undefined;
  if (loads && !features.isEngine) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      'loading an image into the engine from another builder is not supported yet: use the docker driver, or write it with -o type=docker,dest=FILE and docker load',
    );
  }
  // On the engine's own BuildKit an image is in the engine as soon as it is exported.
  const type = output.type === 'registry' || loads ? 'image' : output.type;
  if (output.type === 'registry') attrs['push'] ??= 'true';
  if (names !== '' && (type === 'image' || type === 'oci' || type === 'docker')) attrs['name'] = names;

  const pushes = type === 'image' && isTrueLoose(attrs['push']);
  if (pushes && (attrs['name'] ?? '') === '') {
    throw new TsbuildxError('INVALID_ARGUMENT', 'tag is needed when pushing to registry');
  }
  if ((type === 'oci' || type === 'docker') && !features.containerImageStore) {
    throw notSupported(
      type === 'oci' ? 'OCI exporter' : 'Docker exporter',
      'https://docs.docker.com/go/build-exporters/',
    );
  }
  if (!features.isEngine || type !== 'image') return { type, attrs, dest: output.dest };

  if (pushes && isTrueLoose(attrs['push-by-digest'])) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      'push-by-digest is currently not implemented for docker driver, please create a new builder instance',
    );
  }
  if (pushes && !features.containerImageStore) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      'pushing from an engine without the containerd image store is not supported yet: use docker push',
    );
  }
  if (features.containerImageStore) attrs['prefer-image-digest'] = 'true';
  return { type: 'moby', attrs, dest: undefined };
}

function checkTag(tag: string): string {
  try {
    return formatReference(parseReference(tag));
  } catch (error) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid tag ${JSON.stringify(tag)}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
