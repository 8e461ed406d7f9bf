// Matches buildx util/imagetools (inspect.go, create.go, ocilayout_referrers.go): an OCI layout as a place of images.
import { goJson } from '../../base/go-json.ts';
import { isJsonObject, listMember, member, textMember } from '../../base/json-object.ts';
import {
  addToLayoutIndex,
  findByName,
  type LayoutName,
  type OciStore,
  openStore,
  readLayoutEntries,
  StoreError,
} from '../layout/index.ts';
import { type ContentDescriptor, descriptorJson, readContentDescriptor } from './descriptor.ts';
import type { ImageStore, WriteOptions } from './image-store.ts';
import { readJsonDocument } from './json-document.ts';
import { detectManifestType, isIndexType, isManifestType, OCI_MANIFEST } from './media-types.ts';
import type { BlobContent } from './upload.ts';
import { verified } from './verified.ts';

interface Waiting {
  readonly signal: AbortSignal;
}

const SUBJECT = 'io.containerd.manifest.subject';
const REFERENCE = 'vnd.docker.reference.digest';

/** The layout in a directory as a place of images; it is made when something is written. */
export function layoutStore(dir: string): ImageStore {
  return new LayoutImages(dir);
}

class LayoutImages implements ImageStore {
  readonly name: string;
  readonly #blobs: OciStore;

  constructor(dir: string) {
    this.name = dir;
    this.#blobs = openStore(dir, { writable: true });
  }

  async find(
    name: { readonly tag: string } | { readonly digest: string },
    options: Waiting,
  ): Promise<ContentDescriptor | undefined> {
    if ('tag' in name) {
      return findByName(await this.#roots(), name.tag);
    }
    const info = await this.#blobs.info(name.digest);
    if (info === undefined) return undefined;
    const { digest, size } = info;
    return {
      mediaType: detectManifestType(await readJsonDocument(this, { mediaType: '', digest, size }, options)),
      digest,
      size,
    };
  }

  async *read({ digest, size }: ContentDescriptor, { signal }: Waiting): AsyncGenerator<Uint8Array> {
    for await (const piece of verified(this.#pieces(digest), { digest, size })) {
      signal.throwIfAborted();
      yield piece;
    }
  }

  async write(
    descriptor: ContentDescriptor,
    content: BlobContent,
    { tag, isRoot = false, signal }: WriteOptions,
  ): Promise<void> {
    const { digest, size } = descriptor;
    const request = { total: Math.max(size, 0), expected: digest };
    try {
      await using ingest = await this.#blobs.ingest(digest, request);
      for await (const piece of content(0)) {
        signal.throwIfAborted();
        await ingest.write(piece);
      }
      await ingest.commit(request);
    } catch (error) {
      if (!(error instanceof StoreError) || error.refusal !== 'already exists') throw error;
    }
    if (tag !== undefined) await this.#name(descriptor, [{ kind: 'tag', tag }]);
    else if (isRoot) await this.#name(descriptor, []);
  }

  async referrers(
    digest: string,
    { artifactType, signal }: Waiting & { readonly artifactType?: string | undefined },
  ): Promise<readonly ContentDescriptor[]> {
    const found = new Map<string, ContentDescriptor>();
    const roots = await this.#roots();
    for await (const descriptor of this.#reachable(roots.filter(isOwnRoot), signal)) {
      if (await this.#refersTo(descriptor, digest, signal)) found.set(descriptor.digest, descriptor);
    }
    for (const root of roots) if (root.annotations?.[SUBJECT] === digest) found.set(root.digest, root);
    return [...found.values()].filter((root) => artifactType === undefined || root.artifactType === artifactType);
  }

  /** What an index leads to needs no entry of its own. */
  async linkReferrers(subject: string, manifests: readonly ContentDescriptor[], { signal }: Waiting): Promise<void> {
    const reachable = new Set<string>();
    const roots = (await this.#roots()).filter(isOwnRoot);
    for await (const { digest } of this.#reachable(roots, signal)) reachable.add(digest);
    for (const manifest of manifests) {
      if (reachable.has(manifest.digest)) continue;
      const annotations = { [SUBJECT]: subject, ...manifest.annotations };
      await this.#name({ ...manifest, annotations }, []);
    }
  }

  async #roots(): Promise<readonly ContentDescriptor[]> {
    return (await readLayoutEntries(this.name)).map(readContentDescriptor);
  }

  /** The manifests that an index or a list of manifests leads to, each once. */
  async *#reachable(
    from: readonly ContentDescriptor[],
    signal: AbortSignal,
    seen: Set<string> = new Set(),
  ): AsyncGenerator<ContentDescriptor> {
    for (const descriptor of from) {
      if (seen.has(descriptor.digest)) continue;
      seen.add(descriptor.digest);
      yield descriptor;
      if (!isIndexType(descriptor.mediaType)) continue;
      const index = await readJsonDocument(this, descriptor, { signal });
      yield* this.#reachable((listMember(index, 'manifests') ?? []).map(readContentDescriptor), signal, seen);
    }
  }

  async #refersTo(descriptor: ContentDescriptor, digest: string, signal: AbortSignal): Promise<boolean> {
    if (descriptor.annotations?.[REFERENCE] === digest) return true;
    if (descriptor.mediaType !== OCI_MANIFEST) return false;
    const manifest = await readJsonDocument(this, descriptor, { signal });
    return textMember(member(manifest, 'subject'), 'digest') === digest;
  }

  /** The store's own memory is written again with the next piece. */
  async *#pieces(digest: string): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#blobs.read(digest)) yield new Uint8Array(piece);
  }

  async #name(descriptor: ContentDescriptor, names: readonly LayoutName[]): Promise<void> {
    const json: unknown = JSON.parse(goJson(descriptorJson(descriptor)));
    if (isJsonObject(json)) await addToLayoutIndex(this.name, json, names);
  }
}

function isOwnRoot({ annotations, mediaType }: ContentDescriptor): boolean {
  return annotations?.[SUBJECT] === undefined && isManifestType(mediaType);
}
