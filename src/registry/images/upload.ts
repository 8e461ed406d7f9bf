// Blobs on their way into a registry: in one piece, or in several; what broke off goes on where the registry has it.
import { TsbuildxError } from '../../base/errors.ts';
import type { NormalizedReference } from '../../oci/index.ts';
import type { OpenAnswer } from '../auth/http.ts';
import { pause } from '../auth/retry.ts';
import { RegistryError } from './registry-error.ts';
import type { RepositoryRequest, RepositoryRequests } from './requests.ts';

/** The bytes of a blob from an offset on. Called again when an upload breaks off. */
export type BlobContent = (offset: number) => AsyncIterable<Uint8Array>;

export interface UploadOptions {
  /** Another repository of the same registry that has the blob, if one is known. */
  readonly mountFrom?: string | undefined;
  /** Sends pieces of this many bytes instead of the whole at once. */
  readonly chunkBytes?: number | undefined;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface Blob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** Attempts in a row that bring nothing further. */
const ATTEMPTS = 4;

/** Brings a blob into a repository. Throws AUTH, TRANSPORT, PROTOCOL, CANCELED. */
export async function uploadBlob(
  requests: RepositoryRequests,
  reference: NormalizedReference,
  blob: Blob,
  content: BlobContent,
  options: UploadOptions,
): Promise<void> {
  const { signal, random } = options;
  const upload = new Upload(requests, reference, blob, options);
  let begun = await upload.begin();
  let failures = 0;
  while (begun !== undefined) {
    const at: Begun = begun;
    try {
      begun = await upload.send(at, content);
      failures = 0;
    } catch (error) {
      failures += 1;
      // What could not be read here is not the registry's fault.
      if (error instanceof TsbuildxError && error.cause instanceof TsbuildxError) throw error.cause;
      if (failures === ATTEMPTS || !isPassing(error)) throw error;
      await pause(failures, { after: error instanceof RegistryError ? error.retryAfter : 0, signal, random });
      begun = (await upload.find(at)) ?? (await upload.begin());
      if (begun !== undefined && begun.offset > at.offset) failures = 0;
    }
  }
}

/** Where an upload goes on. */
interface Begun {
  readonly location: URL;
  readonly offset: number;
  /** The registry takes no shorter pieces than this. */
  readonly least: number;
}

class Upload {
  readonly #requests: RepositoryRequests;
  readonly #reference: NormalizedReference;
  readonly #blob: Blob;
  readonly #options: UploadOptions;

  constructor(requests: RepositoryRequests, reference: NormalizedReference, blob: Blob, options: UploadOptions) {
    this.#requests = requests;
    this.#reference = reference;
    this.#blob = blob;
    this.#options = options;
  }

  /** Undefined when the registry has it now: it was mounted. */
  async begin(): Promise<Begun | undefined> {
    const { mountFrom } = this.#options;
    if (mountFrom !== undefined) {
      const query = new URLSearchParams({ mount: this.#blob.digest, from: mountFrom });
      // Some refuse the whole when one of the repositories is denied: then it goes without the other.
      const mounted = await this.#send('POST', `blobs/uploads/?${query.toString()}`, { alsoPull: mountFrom }).catch(
        (error) => {
          if (error instanceof TsbuildxError && (error.code === 'AUTH' || error.code === 'PROTOCOL')) return undefined;
          throw error;
        },
      );
      if (mounted !== undefined) return mounted.status === 201 ? undefined : this.#begunBy(mounted, 0);
    }
    const answer = await this.#send('POST', 'blobs/uploads/', {});
    return answer.status === 201 ? undefined : this.#begunBy(answer, 0);
  }

  /** Sends what is missing, or a piece of it. Undefined when that was all. */
  async send(begun: Begun, content: BlobContent): Promise<Begun | undefined> {
    const { size } = this.#blob;
    const { chunkBytes } = this.#options;
    const rest = size - begun.offset;
    const chunk = Math.max(chunkBytes ?? 0, begun.least);
    if (begun.offset === 0 && (chunkBytes === undefined || rest <= chunk)) {
      await this.#complete(begun, rest, () => exactly(content(0), rest));
      return undefined;
    }
    if (rest === 0) {
      await this.#complete(begun, 0, undefined);
      return undefined;
    }
    const length = chunkBytes === undefined ? rest : Math.min(rest, chunk);
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(length),
      'content-range': `${begun.offset}-${begun.offset + length - 1}`,
    };
    const body = (): AsyncIterable<Uint8Array> => exactly(content(begun.offset), length);
    const answer = await this.#send('PATCH', begun.location, { headers, body, isRepeatable: false });
    return this.#begunBy(answer, begun.offset + length);
  }

  /** What the registry has of an upload that broke off; undefined when it knows nothing of it. */
  async find(begun: Begun): Promise<Begun | undefined> {
    try {
      const answer = await this.#send('GET', begun.location, {});
      const end = /^(?:bytes=)?0-(\d+)$/.exec(textOf(answer.headers['range']))?.[1];
      if (answer.status !== 204 || end === undefined) return undefined;
      const offset = endOf(Number(end), begun);
      // more than we have sent is something else than our blob
      return offset > this.#blob.size ? undefined : this.#begunBy(answer, offset);
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (error instanceof TsbuildxError) return undefined;
      throw error;
    }
  }

  async #complete(begun: Begun, length: number, body: RepositoryRequest['body']): Promise<void> {
    const url = new URL(begun.location);
    url.searchParams.append('digest', this.#blob.digest);
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(length) };
    await this.#send('PUT', url, { headers, body: length === 0 ? undefined : body, isRepeatable: length === 0 });
  }

  async #send(
    method: 'POST' | 'PATCH' | 'PUT' | 'GET',
    to: string | URL,
    more: Pick<RepositoryRequest, 'headers' | 'body' | 'alsoPull' | 'isRepeatable'>,
  ): Promise<OpenAnswer> {
    const { signal } = this.#options;
    const request = { method, to, access: 'push', accept: [416], signal, ...more } as const;
    await using answer = await this.#requests.send(this.#reference, request);
    if (answer.status === 416) throw new TsbuildxError('TRANSPORT', 'the registry has another part of the upload');
    return answer;
  }

  #begunBy({ headers, url }: OpenAnswer, offset: number): Begun {
    const location = textOf(headers['location']);
    const found = location === '' ? null : URL.parse(location, url.href);
    if (found === null || !/^https?:$/.test(found.protocol)) {
      throw new TsbuildxError('PROTOCOL', `${url.origin}: the registry does not say where the upload goes`);
    }
    return { location: found, offset, least: Number(textOf(headers['oci-chunk-min-length'])) || 0 };
  }
}

/** `0-0` is what some say of an upload that has nothing. */
function endOf(end: number, { offset }: Begun): number {
  return end === 0 && offset === 0 ? 0 : end + 1;
}

/** As many bytes as were announced, or a failure: the registry would wait for more. */
async function* exactly(pieces: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let left = length;
  for await (const piece of pieces) {
    const part = piece.length > left ? piece.subarray(0, left) : piece;
    left -= part.length;
    yield part;
    if (left === 0) return;
  }
  if (left > 0) throw new TsbuildxError('IO', `content to push is ${left} bytes short`);
}

/** A lost connection, a registry that is overloaded, or one that knows nothing more of the upload. */
function isPassing(error: unknown): boolean {
  return error instanceof TsbuildxError && (error.code === 'TRANSPORT' || error.code === 'NOT_FOUND');
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
