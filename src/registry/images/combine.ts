// Matches buildx util/imagetools/create.go Combine: one index of several images, the same bytes.
import { createHash } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import type { GoJsonValue } from '../../base/go-json.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import { member } from '../../base/json-object.ts';
import { formatPlatform, formatPlatformFully, normalizePlatform, type Platform } from '../../oci/index.ts';
import { type ContentDescriptor, descriptorJson, readContentDescriptor, readPlatform } from './descriptor.ts';
import { type ImageStore, readDocument } from './image-store.ts';
import { parseJsonDocument, readJsonDocument } from './json-document.ts';
import { detectManifestType, DOCKER_LIST, DOCKER_SCHEMA1, isImageType, isIndexType, OCI_INDEX } from './media-types.ts';

/** An image, or an index of images, and where it is. */
export interface CombineSource {
  readonly descriptor: ContentDescriptor;
  readonly store: ImageStore;
}

/** An annotation of the index, or of what it says of its manifests: of all, or those for a platform. */
export interface IndexAnnotation {
  readonly type: 'index' | 'manifest-descriptor';
  readonly platform?: Platform | undefined;
  readonly key: string;
  readonly value: string;
}

export interface CombineOptions {
  readonly annotations?: readonly IndexAnnotation[] | undefined;
  /** A lone image becomes an index, too. Default false. */
  readonly preferIndex?: boolean | undefined;
  readonly signal: AbortSignal;
}

export interface Combined {
  readonly descriptor: ContentDescriptor;
  readonly bytes: Uint8Array;
  /** Where each manifest of the index is, by digest. */
  readonly sources: ReadonlyMap<string, CombineSource>;
}

/** Throws INVALID_ARGUMENT, and what reading the sources throws. A lone source is given back as it is, byte for byte. */
export async function combineImages(sources: readonly CombineSource[], options: CombineOptions): Promise<Combined> {
  const { annotations = [], preferIndex = false } = options;
  const read = await Promise.all(sources.map((source) => readSource(source, options)));
  const [first] = read;
  if (first !== undefined && read.length === 1 && annotations.length === 0) {
    if (isIndexType(first.descriptor.mediaType) || !preferIndex) {
      return { ...first, sources: new Map([[first.descriptor.digest, first]]) };
    }
  }
  const found = new Map<string, ContentDescriptor>();
  const places = new Map<string, CombineSource>();
  for (const source of read) {
    const entries = isIndexType(source.descriptor.mediaType) ? manifestsOf(source) : [source.descriptor];
    for (const entry of entries) {
      const known = found.get(entry.digest);
      found.set(entry.digest, known === undefined ? entry : merged(known, entry));
      places.set(entry.digest, source);
    }
  }
  const manifests = [...found.values()];
  const isDocker = manifests.every(({ mediaType }) => mediaType.startsWith('application/vnd.docker.'));
  const mediaType = isDocker ? DOCKER_LIST : OCI_INDEX;
  // A manifest list of Docker's has no annotations.
  const index = indexJson(mediaType, manifests, isDocker ? [] : annotations);
  const bytes = Buffer.from(goJsonIndented(index));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { descriptor: { mediaType, digest, size: bytes.length }, bytes, sources: places };
}

interface ReadSource extends CombineSource {
  readonly bytes: Uint8Array;
  readonly document: unknown;
}

async function readSource({ descriptor, store }: CombineSource, { signal }: CombineOptions): Promise<ReadSource> {
  const bytes = await readDocument(store, descriptor, { signal });
  const document = parseJsonDocument(bytes, descriptor.digest);
  const mediaType = descriptor.mediaType === '' ? detectManifestType(document) : descriptor.mediaType;
  if (mediaType === DOCKER_SCHEMA1) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'schema1 manifests are not allowed in manifest lists');
  }
  const platform = isImageType(mediaType)
    ? await platformOf(descriptor.platform, document, store, signal)
    : descriptor.platform;
  return { descriptor: { ...descriptor, mediaType, platform }, store, bytes, document };
}

/** What the descriptor does not say of its platform, the image's config does. */
async function platformOf(
  given: Platform = { os: '', architecture: '' },
  manifest: object,
  store: ImageStore,
  signal: AbortSignal,
): Promise<Platform> {
  if (given.os !== '' && given.architecture !== '') return given;
  const config = readContentDescriptor(member(manifest, 'config'));
  const own = normalizePlatform(readPlatform(await readJsonDocument(store, config, { signal })));
  const hasArchitecture = given.architecture !== '';
  return {
    ...given,
    os: given.os || own.os,
    architecture: given.architecture || own.architecture,
    variant: hasArchitecture ? given.variant : given.variant || own.variant,
  };
}

function manifestsOf({ document }: ReadSource): ContentDescriptor[] {
  const manifests = member(document, 'manifests');
  return Array.isArray(manifests) ? manifests.map(readContentDescriptor) : [];
}

/** The same manifest twice. */
function merged(known: ContentDescriptor, other: ContentDescriptor): ContentDescriptor {
  return {
    ...known,
    mediaType: known.mediaType || other.mediaType,
    platform: other.platform ?? known.platform,
    annotations: { ...known.annotations, ...other.annotations },
  };
}

function indexJson(
  mediaType: string,
  manifests: readonly ContentDescriptor[],
  annotations: readonly IndexAnnotation[],
): GoJsonValue {
  const own = annotations.filter(({ type }) => type === 'index').map(({ key, value }) => [key, value] as const);
  const annotated = manifests.map((manifest) => annotate(manifest, annotations));
  return {
    schemaVersion: 2,
    mediaType,
    manifests: annotated.map(descriptorJson),
    annotations: own.length > 0 ? new Map(own) : undefined,
  };
}

function annotate(manifest: ContentDescriptor, annotations: readonly IndexAnnotation[]): ContentDescriptor {
  const own = annotations.filter(
    ({ type, platform }) =>
      type === 'manifest-descriptor' &&
      (platform === undefined ||
        (manifest.platform !== undefined && formatPlatformFully(platform) === formatPlatform(manifest.platform))),
  );
  if (own.length === 0) return manifest;
  const added = Object.fromEntries(own.map(({ key, value }) => [key, value]));
  return { ...manifest, annotations: { ...manifest.annotations, ...added } };
}
