// The distribution API, version 2: what it takes to read, copy and write images.
import { createHash } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import { formatReference, type NormalizedReference } from '../../oci/index.ts';
import type { OpenAnswer } from '../auth/http.ts';
import type { ContentDescriptor } from './descriptor.ts';
import { fetchReferrers } from './referrers.ts';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from './media-types.ts';
import { createRepositoryRequests, type RegistryClientOptions, type RepositoryRequests } from './requests.ts';
import { type Blob, type BlobContent, uploadBlob, type UploadOptions } from './upload.ts';
import { collect, MAX_DOCUMENT, requireDigest, verified } from './verified.ts';

/** Bytes with the digest that they were checked against. */
export interface Content {
  readonly digest: string;
  readonly bytes: Uint8Array;
  /** As the registry names it; empty when it does not. */
  readonly mediaType: string;
}

interface Waiting {
  readonly signal: AbortSignal;
}

/** All methods throw NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, CANCELED. Disposing closes its connections. */
export interface RegistryClient extends AsyncDisposable {
  /** What a tag or digest stands for, without its content; undefined when there is nothing. */
  find(reference: NormalizedReference, options: Waiting): Promise<ContentDescriptor | undefined>;
  /** The manifest or index of a reference. */
  manifest(reference: NormalizedReference, options: Waiting): Promise<Content>;
  /** A small blob of the reference's repository, such as an image config. */
  blob(reference: NormalizedReference, digest: string, options: Waiting): Promise<Content>;
  /** A blob in pieces; the last comes only when all of them together have the digest. */
  readBlob(
    reference: NormalizedReference,
    blob: Pick<Blob, 'digest'> & Partial<Blob>,
    options: Waiting,
  ): AsyncIterable<Uint8Array>;
  hasBlob(reference: NormalizedReference, digest: string, options: Waiting): Promise<boolean>;
  /** Writes a blob unless it is there. Only what `content` gives is held in memory. */
  pushBlob(
    reference: NormalizedReference,
    blob: Blob,
    content: BlobContent,
    options: Waiting & Pick<UploadOptions, 'mountFrom' | 'chunkBytes'>,
  ): Promise<void>;
  /**
   * The manifests whose subject is `digest`, only those of a type when one is named. Where a registry has no such list, the
   * one under the tag `sha256-…` counts.
   */
  referrers(
    reference: NormalizedReference,
    digest: string,
    options: Waiting & { readonly artifactType?: string | undefined },
  ): Promise<readonly ContentDescriptor[]>;
  /** Writes a manifest or index under the reference's tag, or its digest when it has none, unless it is there. */
  pushManifest(reference: NormalizedReference, manifest: Content, options: Waiting): Promise<void>;
}

const manifestTypes = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(', ');

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  return new DistributionClient(createRepositoryRequests(options), options.random ?? Math.random);
}

class DistributionClient implements RegistryClient {
  readonly #requests: RepositoryRequests;
  readonly #random: () => number;

  constructor(requests: RepositoryRequests, random: () => number) {
    this.#requests = requests;
    this.#random = random;
  }

  async find(reference: NormalizedReference, options: Waiting): Promise<ContentDescriptor | undefined> {
    await using head = await this.#ask('HEAD', reference, options);
    if (head.status === 404) return undefined;
    const size = Number(headerOf(head, 'content-length') || -1);
    const digest = reference.digest ?? headerOf(head, 'docker-content-digest');
    if (digest !== '' && size >= 0) {
      requireDigest(digest);
      return { mediaType: headerOf(head, 'content-type'), digest, size };
    }
    const { bytes, ...content } = await this.manifest(reference, options);
    return { mediaType: content.mediaType, digest: content.digest, size: bytes.length };
  }

  async manifest(reference: NormalizedReference, options: Waiting): Promise<Content> {
    await using answer = await this.#ask('GET', reference, options);
    if (answer.status === 404) throw new TsbuildxError('NOT_FOUND', `${formatReference(reference)}: not found`);
    return checked(await collect(answer.content, MAX_DOCUMENT), reference.digest, headerOf(answer, 'content-type'));
  }

  async blob(reference: NormalizedReference, digest: string, options: Waiting): Promise<Content> {
    return { digest, bytes: await collect(this.readBlob(reference, { digest }, options), MAX_DOCUMENT), mediaType: '' };
  }

  async *readBlob(
    reference: NormalizedReference,
    { digest, size }: Pick<Blob, 'digest'> & Partial<Blob>,
    { signal }: Waiting,
  ): AsyncGenerator<Uint8Array> {
    requireDigest(digest);
    const request = {
      method: 'GET',
      to: `blobs/${digest}`,
      access: 'pull',
      headers: { accept: '*/*' },
      signal,
    } as const;
    await using answer = await this.#requests.send(reference, request);
    yield* verified(answer.content, { digest, size });
  }

  async hasBlob(reference: NormalizedReference, digest: string, { signal }: Waiting): Promise<boolean> {
    requireDigest(digest);
    const request = { method: 'HEAD', to: `blobs/${digest}`, access: 'push', accept: [404], signal } as const;
    await using answer = await this.#requests.send(reference, request);
    return answer.status !== 404;
  }

  async pushBlob(
    reference: NormalizedReference,
    blob: Blob,
    content: BlobContent,
    options: Waiting & Pick<UploadOptions, 'mountFrom' | 'chunkBytes'>,
  ): Promise<void> {
    if (await this.hasBlob(reference, blob.digest, options)) return;
    await uploadBlob(this.#requests, reference, blob, content, { ...options, random: this.#random });
  }

  async pushManifest(reference: NormalizedReference, manifest: Content, { signal }: Waiting): Promise<void> {
    requireDigest(manifest.digest);
    const name = reference.tag ?? manifest.digest;
    const to = `manifests/${name}`;
    const accept = `${manifest.mediaType}, */*`;
    const head = { method: 'HEAD', to, access: 'push', headers: { accept }, accept: [404], signal } as const;
    {
      await using present = await this.#requests.send(reference, head);
      if (present.status !== 404 && headerOf(present, 'docker-content-digest') === manifest.digest) return;
    }
    const headers = { 'content-type': manifest.mediaType };
    const put = { method: 'PUT', to, access: 'push', headers, body: manifest.bytes, signal } as const;
    await using _ = await this.#requests.send(reference, put);
  }

  async referrers(
    reference: NormalizedReference,
    digest: string,
    options: Waiting & { readonly artifactType?: string | undefined },
  ): Promise<readonly ContentDescriptor[]> {
    requireDigest(digest);
    return await fetchReferrers(this.#requests, { reference, digest, accept: manifestTypes, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#requests[Symbol.asyncDispose]();
  }

  /** A 404 is an answer. */
  async #ask(method: 'GET' | 'HEAD', reference: NormalizedReference, { signal }: Waiting): Promise<OpenAnswer> {
    if (reference.digest !== undefined) requireDigest(reference.digest);
    const to = `manifests/${reference.digest ?? reference.tag ?? 'latest'}`;
    const headers = { accept: manifestTypes };
    return await this.#requests.send(reference, { method, to, access: 'pull', headers, accept: [404], signal });
  }
}

function headerOf({ headers }: Pick<OpenAnswer, 'headers'>, name: string): string {
  const { [name]: value } = headers;
  return typeof value === 'string' ? value : '';
}

/** Content is what its digest says, or it is refused. */
function checked(bytes: Uint8Array, expected: string | undefined, mediaType: string): Content {
  const [algorithm = 'sha256'] = expected?.split(':', 1) ?? [];
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (expected !== undefined && digest !== expected) {
    throw new TsbuildxError('PROTOCOL', `content of ${expected} has digest ${digest}`);
  }
  return { digest, bytes, mediaType };
}
