// Matches BuildKit util/contentutil/copy.go CopyChain, and which referrers buildx util/imagetools takes along.
import { atMost } from '../base/at-most.ts';
import { listMember, member } from '../base/json-object.ts';
import {
  type BlobContent,
  type ContentDescriptor,
  type ImageStore,
  isImageType,
  isIndexType,
  readContentDescriptor,
  readDocument,
} from '../registry/images/index.ts';

/** Brings manifests with all that they name from other places into one. */
export interface ImageCopier {
  /** Throws NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, IO, CANCELED. A manifest is only written after what it names. */
  copy(descriptor: ContentDescriptor, from: ImageStore): Promise<void>;
  /** The manifests that were taken along because they refer to another, by its digest. */
  readonly referrers: ReadonlyMap<string, readonly ContentDescriptor[]>;
}

const TAKEN_ALONG: ReadonlySet<string> = new Set([
  'application/vnd.docker.attestation.manifest.v1+json',
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
]);
/** Contents on their way at the same time. */
const MOST_COPIES = 4;

export function createImageCopier(to: ImageStore, { signal }: { readonly signal: AbortSignal }): ImageCopier {
  const turn = atMost(MOST_COPIES);
  /** What many manifests name is copied once. */
  const copies = new Map<string, Promise<void>>();
  const referrers = new Map<string, readonly ContentDescriptor[]>();

  const copy = (descriptor: ContentDescriptor, from: ImageStore): Promise<void> => {
    const known = copies.get(descriptor.digest);
    if (known !== undefined) return known;
    const begun = isNamingOthers(descriptor) ? copyManifest(descriptor, from) : copyBlob(descriptor, from);
    copies.set(descriptor.digest, begun);
    return begun;
  };

  const copyBlob = (descriptor: ContentDescriptor, from: ImageStore): Promise<void> =>
    turn(async () => {
      signal.throwIfAborted();
      if (isElsewhere(descriptor)) return;
      await to.write(descriptor, contentOf(from, descriptor, signal), { from, signal });
    });

  const copyManifest = async (descriptor: ContentDescriptor, from: ImageStore): Promise<void> => {
    const bytes = await turn(() => readDocument(from, descriptor, { signal }));
    await Promise.all(childrenOf(JSON.parse(Buffer.from(bytes).toString())).map((child) => copy(child, from)));
    const content = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    await turn(() => to.write(descriptor, content, { from, signal }));
    const found = await turn(() => from.referrers(descriptor.digest, { signal }));
    const taken = found.filter(({ artifactType = '' }) => TAKEN_ALONG.has(artifactType));
    if (taken.length === 0) return;
    referrers.set(descriptor.digest, taken);
    await Promise.all(taken.map((referrer) => copy(referrer, from)));
  };

  return { copy, referrers };
}

function isNamingOthers({ mediaType }: ContentDescriptor): boolean {
  return isIndexType(mediaType) || isImageType(mediaType);
}

/** Layers that no registry may give away: images name where else they are. */
function isElsewhere({ mediaType, urls = [] }: ContentDescriptor): boolean {
  return urls.length > 0 && /\.(?:foreign|nondistributable)\./.test(mediaType);
}

function childrenOf(manifest: unknown): readonly ContentDescriptor[] {
  const config = member(manifest, 'config');
  const others = [...(listMember(manifest, 'layers') ?? []), ...(listMember(manifest, 'manifests') ?? [])];
  return [...(config === undefined ? [] : [config]), ...others].map(readContentDescriptor);
}

function contentOf(from: ImageStore, descriptor: ContentDescriptor, signal: AbortSignal): BlobContent {
  return async function* (offset) {
    let toSkip = offset;
    for await (const piece of from.read(descriptor, { signal })) {
      if (toSkip < piece.length) yield piece.subarray(toSkip);
      toSkip = Math.max(toSkip - piece.length, 0);
    }
  };
}
