// Matches buildx build/build.go: the images that several nodes have pushed, as one index under all names.
import { parseNormalizedReference, withDefaultTag } from '../oci/index.ts';
import {
  combineImages,
  type ContentDescriptor,
  DOCKER_LIST,
  readContentDescriptor,
  type RegistryConfigs,
  repositoryStore,
} from '../registry/images/index.ts';
import type { IndexPush } from './node-outputs.ts';
import { openRegistryClient, type RegistryClientContext } from '../builder/index.ts';

export interface IndexContext extends Omit<RegistryClientContext, 'registries'> {
  readonly registries: () => Promise<RegistryConfigs>;
  readonly signal: AbortSignal;
}

/**
 * Combines what the nodes have pushed by digest, and pushes the index under all names.
 * Gives the exporters' answer of the whole; undefined when the nodes pushed nothing.
 * Errors: INVALID_ARGUMENT, NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, CANCELED.
 */
export async function pushIndex(
  responses: readonly Readonly<Record<string, string>>[],
  { names, insecure, annotations }: IndexPush,
  { registries, signal, ...context }: IndexContext,
): Promise<Readonly<Record<string, string>> | undefined> {
  const descriptors = responses.flatMap((response) => pushedImage(response) ?? []);
  const [first, ...others] = names.map((name) => withDefaultTag(parseNormalizedReference(name)));
  if (descriptors.length === 0 || first === undefined) return undefined;
  const configs = insecure ? new Map([[first.domain, { insecure: true, plainHttp: true }]]) : await registries();
  await using client = await openRegistryClient({ ...context, registries: configs });
  const store = repositoryStore(client, first);
  const sources = descriptors.map((descriptor) => ({ descriptor, store }));
  const { descriptor, bytes } = await combineImages(sources, { annotations, signal });
  const { digest, mediaType } = descriptor;
  for (const reference of [first, ...others]) {
    await client.pushManifest(reference, { digest, bytes, mediaType }, { signal });
  }
  return { 'containerimage.digest': digest };
}

/** What a node says of the image that it pushed. */
function pushedImage(response: Readonly<Record<string, string>>): ContentDescriptor | undefined {
  const encoded = response['containerimage.descriptor'];
  if (encoded) return readContentDescriptor(JSON.parse(Buffer.from(encoded, 'base64').toString()));
  // Daemons before 0.11 give the digest alone; a registry that is asked for a list gives whatever it is.
  const digest = response['containerimage.digest'];
  return digest ? readContentDescriptor({ mediaType: DOCKER_LIST, digest, size: -1 }) : undefined;
}
