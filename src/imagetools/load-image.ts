// Matches buildx util/imagetools/loader.go: an image or an index with all that its manifests say.
import { atMost } from '../base/at-most.ts';
import { TsbuildxError } from '../base/errors.ts';
import { listMember, member } from '../base/json-object.ts';
import { formatPlatform, normalizePlatform, parseDigest } from '../oci/index.ts';
import {
  type ContentDescriptor,
  type ImageStore,
  isImageType,
  isIndexType,
  readContentDescriptor,
  readJsonDocument,
  readPlatform,
} from '../registry/images/index.ts';

/** What hangs together under one name. */
export interface LoadedImage {
  /** By platform, sorted. */
  readonly images: ReadonlyMap<string, PlatformImage>;
}

export interface PlatformImage {
  readonly digest: string;
  /** The config in parsed JSON. */
  readonly config: object;
  /** The layers of the manifests that attest something of it. */
  readonly attestations: readonly ContentDescriptor[];
}

const REFERENCES = ['com.docker.reference.digest', 'vnd.docker.reference.digest'];
/** Requests at the same time. */
const MOST_READS = 6;
/** An index may name indexes; nobody makes deeper ones. */
const MOST_LEVELS = 8;

interface Found {
  readonly descriptor: ContentDescriptor;
  readonly manifest: object;
}

/** Reads all manifests and configs. Throws NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, IO, CANCELED. */
export async function loadImage(
  store: ImageStore,
  root: ContentDescriptor,
  { signal }: { readonly signal: AbortSignal },
): Promise<LoadedImage> {
  const turn = atMost(MOST_READS);
  const ended = new AbortController();
  const options = { signal: AbortSignal.any([signal, ended.signal]) };
  const read = (descriptor: ContentDescriptor): Promise<object> =>
    turn(async () => {
      options.signal.throwIfAborted();
      return await readJsonDocument(store, descriptor, options);
    });

  async function collect(descriptor: ContentDescriptor, level: number): Promise<readonly Found[]> {
    if (isImageType(descriptor.mediaType)) return [{ descriptor, manifest: await read(descriptor) }];
    if (!isIndexType(descriptor.mediaType)) return [];
    if (level === MOST_LEVELS) throw new TsbuildxError('PROTOCOL', `indexes in indexes: ${descriptor.digest}`);
    const entries = (listMember(await read(descriptor), 'manifests') ?? []).map(readContentDescriptor);
    return (await Promise.all(entries.map((entry) => collect(entry, level + 1)))).flat();
  }

  try {
    const found = await collect(root, 0);
    const references = found.flatMap((one) => {
      const subject = subjectOf(one.descriptor);
      return subject === undefined ? [] : [{ subject, layers: layersOf(one.manifest) }];
    });
    const images = await Promise.all(
      found
        .filter(({ descriptor }) => subjectOf(descriptor) === undefined)
        .map(async ({ descriptor, manifest }): Promise<readonly [string, PlatformImage]> => {
          const { digest, platform } = descriptor;
          const config = await read(readContentDescriptor(member(manifest, 'config')));
          const own = { ...readPlatform(config), osVersion: undefined, osFeatures: undefined };
          const attestations = references.flatMap(({ subject, layers }) => (subject === digest ? layers : []));
          return [formatPlatform(normalizePlatform(platform ?? own)), { digest, config, attestations }];
        }),
    );
    return { images: new Map(images.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  } catch (error) {
    ended.abort();
    throw error;
  }
}

/** The image that a manifest attests something of; undefined when it is an image itself. */
function subjectOf({ annotations = {} }: ContentDescriptor): string | undefined {
  const digest = REFERENCES.map((key) => annotations[key]).find((found) => found !== undefined);
  return digest === undefined ? undefined : parseDigest(digest);
}

function layersOf(manifest: object): readonly ContentDescriptor[] {
  return (listMember(manifest, 'layers') ?? []).map(readContentDescriptor);
}
