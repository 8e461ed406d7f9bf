import { type NormalizedReference, repositoryOf, withDigest } from '../../oci/index.ts';
import type { RegistryClient } from './client.ts';
import type { ContentDescriptor } from './descriptor.ts';
import { isManifestType } from './media-types.ts';
import type { BlobContent } from './upload.ts';
import { collect, MAX_DOCUMENT, verified } from './verified.ts';

interface Waiting {
  readonly signal: AbortSignal;
}

export interface WriteOptions extends Waiting {
  readonly tag?: string | undefined;
  readonly from?: ImageStore | undefined;
  readonly isRoot?: boolean | undefined;
}

/** Where images are: a repository of a registry, or an OCI layout on disk. */
export interface ImageStore {
  /** For messages: the repository with its registry, or the path of the layout. */
  readonly name: string;
  /** What a tag or a digest stands for; undefined when there is nothing. */
  find(
    name: { readonly tag: string } | { readonly digest: string },
    options: Waiting,
  ): Promise<ContentDescriptor | undefined>;
  /** The bytes of a blob or a manifest in pieces; the last comes only when all of them together have the digest. */
  read(descriptor: ContentDescriptor, options: Waiting): AsyncIterable<Uint8Array>;
  /**
   * Writes a blob or a manifest unless it is there; a manifest also under `tag`. `from` may have it already. What
   * `isRoot` is found by its digest alone, though no other names it.
   */
  write(descriptor: ContentDescriptor, content: BlobContent, options: WriteOptions): Promise<void>;
  /** The manifests whose subject is `digest`, only those of a type when one is named. */
  referrers(
    digest: string,
    options: Waiting & { readonly artifactType?: string | undefined },
  ): Promise<readonly ContentDescriptor[]>;
  /** Remembers manifests that are there as those of `subject`, where the place does not see that by itself. */
  linkReferrers(subject: string, manifests: readonly ContentDescriptor[], options: Waiting): Promise<void>;
}

/** All bytes of a manifest or config. Throws what `read` throws, and PROTOCOL when it is too long. */
export async function readDocument(
  store: ImageStore,
  descriptor: ContentDescriptor,
  options: Waiting,
): Promise<Uint8Array> {
  return await collect(store.read(descriptor, options), MAX_DOCUMENT);
}

/** The repository of a reference as a place of images. */
export function repositoryStore(client: RegistryClient, reference: NormalizedReference): ImageStore {
  return new RepositoryStore(client, reference);
}

class RepositoryStore implements ImageStore {
  readonly name: string;
  readonly #client: RegistryClient;
  readonly #repository: NormalizedReference;

  constructor(client: RegistryClient, { domain, path }: NormalizedReference) {
    this.#client = client;
    this.#repository = { domain, path, tag: undefined, digest: undefined };
    this.name = repositoryOf(this.#repository);
  }

  async find(
    name: { readonly tag: string } | { readonly digest: string },
    options: Waiting,
  ): Promise<ContentDescriptor | undefined> {
    return await this.#client.find({ ...this.#repository, ...name }, options);
  }

  async *read(descriptor: ContentDescriptor, options: Waiting): AsyncGenerator<Uint8Array> {
    const { digest, size, mediaType } = descriptor;
    if (!isManifestType(mediaType)) {
      yield* this.#client.readBlob(this.#repository, { digest, size }, options);
      return;
    }
    const { bytes } = await this.#client.manifest(withDigest(this.#repository, digest), options);
    yield* verified(pieceOf(bytes), { digest, size });
  }

  async write(
    { digest, size, mediaType }: ContentDescriptor,
    content: BlobContent,
    { tag, from, signal }: WriteOptions,
  ): Promise<void> {
    if (isManifestType(mediaType)) {
      const bytes = await collect(verified(content(0), { digest, size }), MAX_DOCUMENT);
      await this.#client.pushManifest({ ...this.#repository, tag }, { digest, bytes, mediaType }, { signal });
      return;
    }
    const near =
      from instanceof RepositoryStore && from.#repository.domain === this.#repository.domain ? from : undefined;
    const mountFrom = near === undefined || near.name === this.name ? undefined : near.#repository.path;
    await this.#client.pushBlob(this.#repository, { digest, size }, content, { mountFrom, signal });
  }

  async referrers(
    digest: string,
    options: Waiting & { readonly artifactType?: string | undefined },
  ): Promise<readonly ContentDescriptor[]> {
    return await this.#client.referrers(this.#repository, digest, options);
  }

  /** A registry reads it in the manifests. */
  async linkReferrers(): Promise<void> {}
}

async function* pieceOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
