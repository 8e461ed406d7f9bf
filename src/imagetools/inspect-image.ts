import { readDocument, type ContentDescriptor } from '../registry/images/index.ts';
import { type ImageProvenance, type ImageSbom, readProvenance, readSbom } from './attestations.ts';
import { type ImageSettings, openPlaces } from './image-places.ts';
import { loadImage } from './load-image.ts';
import { formatLocation, type ImageLocation, locationWithDigest, parseLocation } from './location.ts';

export interface InspectImageOptions extends ImageSettings {
  /** What is read beside the manifest or index: configs, bills of materials, provenances. Default none. */
  readonly details?: readonly ('config' | 'sbom' | 'provenance')[] | undefined;
}

export interface InspectImageContext {
  readonly signal?: AbortSignal | undefined;
  /** Told of credentials that could not be read, and the like. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** An image or an index of images. */
export interface InspectedImage {
  /** With its registry and tag. */
  readonly reference: string;
  readonly descriptor: ContentDescriptor;
  /** The manifest or index, byte for byte as it was pushed. */
  readonly bytes: Uint8Array;
  /** By platform, sorted; empty unless details were asked for. */
  readonly images: ReadonlyMap<string, InspectedPlatform>;
  /** The reference of a manifest of the same place. */
  readonly referenceOf: (digest: string) => string;
}

/** The image of one platform. What was not asked for, or is not there, is undefined. */
export interface InspectedPlatform {
  readonly digest: string;
  /** In parsed JSON. */
  readonly config: object;
  readonly sbom: ImageSbom | undefined;
  readonly provenance: ImageProvenance | undefined;
}

/**
 * Reads an image without a daemon: `NAME[:TAG][@DIGEST]` of a registry, or `oci-layout://PATH[:TAG][@DIGEST]`. All content is
 * checked against its digest. Matches buildx imagetools inspect.
 * Errors: INVALID_ARGUMENT, NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, IO, CANCELED.
 */
export async function inspectImage(
  name: string,
  options: InspectImageOptions = {},
  { signal = new AbortController().signal, onWarning = (): void => {} }: InspectImageContext = {},
): Promise<InspectedImage> {
  const { details = [], ...settings } = options;
  await using places = await openPlaces(settings, onWarning);
  const location = parseLocation(name);
  const descriptor = await places.resolve(location, { signal });
  const store = places.store(location);
  const bytes = await readDocument(store, descriptor, { signal });
  const images = new Map<string, InspectedPlatform>();
  if (details.length > 0) {
    for (const [platform, image] of (await loadImage(store, descriptor, { signal })).images) {
      const { digest, config } = image;
      const sbom = details.includes('sbom') ? await readSbom(store, image, { signal }) : undefined;
      const provenance = details.includes('provenance') ? await readProvenance(store, image, { signal }) : undefined;
      images.set(platform, { digest, config, sbom, provenance });
    }
  }
  return {
    reference: formatLocation(location),
    descriptor,
    bytes,
    images,
    referenceOf: (digest) => referenceOf(location, digest),
  };
}

function referenceOf(location: ImageLocation, digest: string): string {
  return formatLocation(locationWithDigest(location, digest));
}
