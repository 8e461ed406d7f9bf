import { resolve } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { formatReference, parseReference } from '../oci/index.ts';
import { annotationAttributes } from './annotations.ts';
import { isTrue, isTrueLoose, type NodeFeatures, notSupported } from './attributes.ts';
import type { Annotation, BuildOptions, OutputDestination, OutputSpec } from './options.ts';

/** One exporter of a solve request, and where its data goes on this machine. */
export interface Exporter {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly dest: OutputDestination | undefined;
  /** The docker context whose engine loads the data; empty: the current one. */
  readonly loadsInto?: string | undefined;
  /** Names that the engine pushes when it has the image: its own BuildKit cannot. */
  readonly pushedByEngine: readonly string[];
}

/** What exporters depend on besides the outputs. */
export interface ExporterContext {
  readonly options: Pick<
    BuildOptions,
    'outputs' | 'tags' | 'annotations' | 'platforms' | 'attests' | 'buildArgs' | 'cwd'
  >;
  readonly features: NodeFeatures;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the engine of a docker context keeps its images in containerd. */
  readonly importsOci: (context: string) => boolean;
}

/** The docker context whose engine an output is loaded into; undefined when it is not loaded into one by this program. */
export function loadContext({ type, dest, attrs }: OutputSpec, { isEngine }: NodeFeatures): string | undefined {
  // On the engine's own BuildKit an image is in the engine as soon as it is exported.
  return type === 'docker' && dest === undefined && !isEngine ? (attrs['context'] ?? '') : undefined;
}

/** The exporters that outputs stand for on this node. Errors: INVALID_ARGUMENT, UNSUPPORTED. */
export function planExporters(outputs: readonly OutputSpec[], context: ExporterContext): Exporter[] {
  const { options, features, env } = context;
  refuseIndexAnnotations(outputs, options.annotations ?? [], features);
  const names = (options.tags ?? []).map(checkTag).join(',');
  const buildinfo = options.buildArgs?.['BUILDKIT_INLINE_BUILDINFO_ATTRS'];
  const noArtifact = isTrue(env['BUILDX_NO_DEFAULT_OCI_ARTIFACT'], 'BUILDX_NO_DEFAULT_OCI_ARTIFACT');
  // As for buildx, what the node does by default is not annotated.
  const isAsked = (options.outputs ?? []).length > 0;
  const shared = {
    annotations: isAsked ? annotationAttributes(options.annotations ?? []) : {},
    names,
    buildinfo: buildinfo === undefined ? {} : { 'buildinfo-attrs': buildinfo },
    artifact: noArtifact && features.attestations ? { 'oci-artifact': 'false' } : {},
  };
  return outputs.filter((output) => output.type !== 'cacheonly').map((output) => planExporter(output, shared, context));
}

/** True when the response shall name the image by its manifest: the containerd image store knows it by that. */
export function prefersImageDigest(exporters: readonly Exporter[]): boolean {
  return exporters.some((exporter) => exporter.attrs['prefer-image-digest'] === 'true');
}

interface SharedAttributes {
  readonly annotations: Readonly<Record<string, string>>;
  readonly names: string;
  readonly buildinfo: Readonly<Record<string, string>>;
  readonly artifact: Readonly<Record<string, string>>;
}

function planExporter(output: OutputSpec, shared: SharedAttributes, context: ExporterContext): Exporter {
  const { features } = context;
  const isRegistry = output.type === 'registry';
  const given = isRegistry ? { unpack: 'false', ...output.attrs, push: 'true' } : output.attrs;
  const attrs: Record<string, string> = { ...given, ...shared.annotations };
  const wanted = isRegistry ? 'image' : output.type;
  const isImage = wanted === 'image' || wanted === 'oci' || wanted === 'docker';
  if (isImage && shared.names !== '') attrs['name'] = shared.names;
  const pushes = isTrueLoose(attrs['push']);
  if (pushes && wanted === 'image' && (attrs['name'] ?? '') === '') {
    throw new TsbuildxError('INVALID_ARGUMENT', 'tag is needed when pushing to registry');
  }
  if (isImage) Object.assign(attrs, shared.buildinfo);
  const planned = wanted === 'docker' ? planDocker(output, context) : plan(wanted, context);
  if (planned.prefersDigest) attrs['prefer-image-digest'] = 'true';
  if (planned.type === 'image' || planned.type === 'oci' || planned.type === 'moby') {
    for (const [key, value] of Object.entries(shared.artifact)) attrs[key] ??= value;
  }
  if (planned.type === 'moby' && pushes && isTrueLoose(attrs['push-by-digest'])) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      'push-by-digest is currently not implemented for docker driver, please create a new builder instance',
    );
  }
  const isPushedByEngine = planned.type === 'moby' && pushes && !features.containerImageStore;
  return {
    type: planned.type,
    attrs,
    dest: planned.type === 'moby' ? undefined : absolute(output.dest, context.options.cwd),
    loadsInto: loadContext(output, features),
    pushedByEngine: isPushedByEngine ? (attrs['name'] ?? '').split(',') : [],
  };
}

interface Plan {
  readonly type: string;
  readonly prefersDigest: boolean;
}

function plan(type: string, { features }: ExporterContext): Plan {
  if (type === 'oci' && !features.containerImageStore) throw noExporter('OCI exporter');
  if (type !== 'image' || !features.isEngine) return { type, prefersDigest: false };
  return { type: 'moby', prefersDigest: features.containerImageStore };
}

/** An archive for `docker load`, or the loading itself. */
function planDocker(output: OutputSpec, { features, options, importsOci }: ExporterContext): Plan {
  const loadsInto = loadContext(output, features);
  const isLoaded = output.dest === undefined;
  const asOci = isLoaded && (loadsInto === undefined ? features.containerImageStore : importsOci(loadsInto));
  const attested = (options.attests ?? []).some(({ disabled }) => disabled !== true);
  if (!asOci && ((options.platforms ?? []).length > 1 || attested)) {
    const what = isLoaded
      ? 'docker exporter does not currently support exporting manifest lists'
      : 'docker exporter does not support exporting manifest lists, use the oci exporter instead';
    throw new TsbuildxError('UNSUPPORTED', what);
  }
  if (!isLoaded) {
    if (!features.containerImageStore) throw noExporter('Docker exporter');
    return { type: 'docker', prefersDigest: false };
  }
  if (loadsInto === undefined) return { type: 'moby', prefersDigest: features.containerImageStore };
  return { type: asOci ? 'oci' : 'docker', prefersDigest: asOci };
}

function refuseIndexAnnotations(
  outputs: readonly OutputSpec[],
  annotations: readonly Annotation[],
  { isEngine, containerImageStore }: NodeFeatures,
): void {
  if (!isEngine || containerImageStore) return;
  const makesImage = outputs.some(({ type }) => type === 'image' || type === 'registry' || type === 'docker');
  if (makesImage && annotations.some(({ type }) => type === 'index' || type === 'index-descriptor')) {
    throw new TsbuildxError('UNSUPPORTED', 'index annotations not supported for single platform export');
  }
}

function noExporter(name: string): TsbuildxError {
  return notSupported(name, 'https://docs.docker.com/go/build-exporters/');
}

function absolute(dest: OutputDestination | undefined, cwd = process.cwd()): OutputDestination | undefined {
  return dest === undefined || dest.kind === 'stream' ? dest : { ...dest, path: resolve(cwd, dest.path) };
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
