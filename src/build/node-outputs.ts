// Matches buildx build/build.go: what becomes of outputs when several nodes build, with its error texts.
import { TsbuildxError } from '../base/errors.ts';
import {
  formatPlatformFully,
  normalizePlatform,
  parseNormalizedReference,
  parsePlatform,
  repositoryOf,
} from '../oci/index.ts';
import type { IndexAnnotation } from '../registry/images/index.ts';
import { isTrueLoose } from './attributes.ts';
import type { Exporter } from './exporters.ts';
import { deletes } from './local-delete.ts';

/** What is pushed under the images' names when all nodes have pushed theirs by digest. */
export interface IndexPush {
  readonly names: readonly string[];
  /** Plain HTTP and unknown certificates will do. */
  readonly insecure: boolean;
  readonly annotations: readonly IndexAnnotation[];
}

export interface NodeOutputs {
  readonly exporters: readonly Exporter[];
  /** Undefined when nothing is pushed. */
  readonly push: IndexPush | undefined;
}

/**
 * The outputs of one of several nodes: an image that is pushed goes by digest.
 * @param platforms those that the node builds.
 * Throws UNSUPPORTED, INVALID_ARGUMENT.
 */
export function nodeOutputs(given: readonly Exporter[], platforms: readonly string[]): NodeOutputs {
  for (const exporter of given) refuse(exporter);
  const own = new Set(platforms.map(fullName));
  const exporters = given.map((exporter) => withoutForeign(exporter, own));
  const pushed = exporters.filter(isPushed);
  const [first] = pushed;
  if (first === undefined) return { exporters, push: undefined };
  const { name = '' } = first.attrs;
  if (pushed.some(({ attrs }) => attrs['name'] !== name)) {
    throw unsupported('several outputs that push under different names for multi-node builds currently not supported');
  }
  return {
    exporters: exporters.map((exporter) => (isPushed(exporter) ? byDigest(exporter) : exporter)),
    push: {
      names: name.split(','),
      insecure: isTrueLoose(first.attrs['registry.insecure']),
      annotations: given.flatMap(({ attrs }) => indexAnnotations(attrs)),
    },
  };
}

function refuse(exporter: Exporter): void {
  const { type, attrs } = exporter;
  if (type === 'oci' || type === 'tar') throw unsupported(`${type} for multi-node builds currently not supported`);
  if (type === 'moby' && isTrueLoose(attrs['push'])) {
    throw unsupported(
      "multi-node push can't currently be performed with the docker driver, please switch to a different driver",
    );
  }
  // Each node would remove what the others have written.
  if (deletes(exporter)) throw unsupported('local output mode=delete for multi-node builds currently not supported');
}

function isPushed({ type, attrs }: Exporter): boolean {
  return type === 'image' && isTrueLoose(attrs['push']);
}

function byDigest(exporter: Exporter): Exporter {
  const names = (exporter.attrs['name'] ?? '').split(',');
  const repositories = new Set(names.map((name) => repositoryOf(parseNormalizedReference(name))));
  return { ...exporter, attrs: { ...exporter.attrs, name: [...repositories].join(','), 'push-by-digest': 'true' } };
}

const ANNOTATION = /^annotation-([a-z-]+)(?:\[([^\]]+)\])?\.(\S+)$/;

/** Without the annotations of other nodes' platforms: a daemon refuses those that it has nothing for. */
function withoutForeign(exporter: Exporter, own: ReadonlySet<string>): Exporter {
  const attrs = Object.entries(exporter.attrs).filter(([name]) => {
    const [, , platform] = ANNOTATION.exec(name) ?? [];
    return platform === undefined || own.has(fullName(platform));
  });
  return { ...exporter, attrs: Object.fromEntries(attrs) };
}

function fullName(platform: string): string {
  return formatPlatformFully(normalizePlatform(parsePlatform(platform)));
}

/** Annotations of the index, and of what it says of its manifests. Those of manifests are the nodes' own matter. */
function indexAnnotations(attrs: Exporter['attrs']): IndexAnnotation[] {
  return Object.entries(attrs).flatMap(([name, value]) => {
    const [, type, platform, key] = ANNOTATION.exec(name) ?? [];
    if (key === undefined || (type !== 'index' && type !== 'manifest-descriptor')) return [];
    return [{ type, platform: platform === undefined ? undefined : parsePlatform(platform), key, value }];
  });
}

function unsupported(message: string): TsbuildxError {
  return new TsbuildxError('UNSUPPORTED', message);
}
