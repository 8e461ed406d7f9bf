import { TsbuildxError } from '../../base/errors.ts';
import type { ContentDescriptor } from './descriptor.ts';
import { type ImageStore, readDocument } from './image-store.ts';

/** A manifest, index or config in parsed JSON. Throws what `read` throws, and PROTOCOL when it is no JSON object. */
export async function readJsonDocument(
  store: ImageStore,
  descriptor: ContentDescriptor,
  options: { readonly signal: AbortSignal },
): Promise<object> {
  return parseJsonDocument(await readDocument(store, descriptor, options), descriptor.digest);
}

export function parseJsonDocument(bytes: Uint8Array, digest: string): object {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', `the manifest ${digest} is no JSON`, { cause });
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new TsbuildxError('PROTOCOL', `the manifest ${digest} is no JSON object`);
}
