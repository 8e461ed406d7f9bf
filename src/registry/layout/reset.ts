// Matches BuildKit's client/solve.go resetCacheStore.
import { wrap } from '../../base/errors.ts';
import { member } from '../../base/json-object.ts';
import { type Descriptor, readDescriptor } from './descriptor.ts';
import { readLayoutIndex } from './index-file.ts';
import { StoreError } from './store-error.ts';
import type { OciStore } from './store.ts';

/** Documents that name blobs; manifests and indexes of images and caches are small. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

const indexTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const manifestTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]);

/**
 * Deletes the blobs of a layout that nothing in its index leads to. Those that came later than `before`, nanoseconds
 * since the epoch, stay: another build may be about to name them. Errors: IO, PROTOCOL; then nothing was deleted.
 */
export async function dropUnreferenced(store: OciStore, before: bigint): Promise<void> {
  const referenced = new Set<string>();
  try {
    for (const descriptor of await readLayoutIndex(store.dir)) await follow(store, descriptor, referenced);
  } catch (error) {
    throw wrap('IO', 'reset: failed to collect referenced blobs', error);
  }
  for await (const { digest, createdAt } of store.blobs()) {
    if (!referenced.has(digest) && createdAt < before) await store.delete(digest);
  }
}

async function follow(store: OciStore, descriptor: Descriptor, seen: Set<string>): Promise<void> {
  if (seen.has(descriptor.digest)) return;
  seen.add(descriptor.digest);
  for (const child of await childrenOf(store, descriptor)) await follow(store, child, seen);
}

async function childrenOf(store: OciStore, { mediaType, digest, size }: Descriptor): Promise<Descriptor[]> {
  const isIndex = indexTypes.has(mediaType);
  if (!isIndex && !manifestTypes.has(mediaType)) return [];
  if (size > MAX_DOCUMENT_BYTES) throw new StoreError('out of range', `manifest ${digest} of ${size} bytes`);
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(digest, { offset: 0, length: MAX_DOCUMENT_BYTES }))
    pieces.push(new Uint8Array(piece));
  const document: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  const list = (name: string): unknown[] => {
    const value = member(document, name);
    return Array.isArray(value) ? value : [];
  };
  const children = isIndex ? list('manifests') : [member(document, 'config'), ...list('layers')];
  return children.map(readDescriptor);
}
