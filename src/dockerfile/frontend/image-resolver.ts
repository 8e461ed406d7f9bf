import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import type { Platform } from '../../oci/index.ts';
import type { ResolvedImage } from '../convert/index.ts';
import type { Gateway, SourceMeta } from './gateway.ts';

export interface ImageRequest {
  readonly logName: string;
  readonly platform: Platform | undefined;
  readonly resolveMode: string;
  /** The store of an OCI layout; undefined for an image of a registry. */
  readonly store?: { readonly sessionId: string; readonly storeId: string } | undefined;
}

/** A source policy of the daemon put something that is no image in the place of one. */
export class NotAnImageError extends TsbuildxError {
  override readonly name: string = 'NotAnImageError';
  /** `https://…`, `git://…`: what it is instead. */
  readonly updated: string;

  constructor(ref: string, updated: string) {
    super('UNSUPPORTED', `ref mutated by policy to non-image: docker-image://${ref} -> ${updated}`);
    this.updated = updated;
  }
}

/** Looks images up, each once a build. */
export class ImageResolver {
  readonly #gateway: Gateway;
  readonly #found = new Map<string, Promise<ResolvedImage>>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  resolve(ref: string, request: ImageRequest, { signal }: { readonly signal: AbortSignal }): Promise<ResolvedImage> {
    const { platform, store } = request;
    const key = JSON.stringify([ref, request.logName, request.resolveMode, platform, store]);
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#resolve(ref, request, signal);
      this.#found.set(key, found);
    }
    return found;
  }

  async #resolve(ref: string, request: ImageRequest, signal: AbortSignal): Promise<ResolvedImage> {
    const { store, logName, platform, resolveMode } = request;
    const source =
      store === undefined
        ? { identifier: `docker-image://${ref}`, attrs: {} }
        : { identifier: `oci-layout://${ref}`, attrs: { 'oci.session': store.sessionId, 'oci.store': store.storeId } };
    const kind = store === undefined ? 'image' : 'oci-layout';
    let meta: SourceMeta;
    try {
      meta = await this.#gateway.resolveSourceMeta({ source, logName, platform, resolveMode, kind }, { signal });
    } catch (error) {
      // Some daemons say so themselves.
      const prefix = 'failed to resolve source metadata for ';
      throw messageOf(error).startsWith(prefix) ? error : wrap('RPC_FAILED', prefix + ref, error);
    }
    const { identifier } = meta.source;
    if (meta.image === undefined) throw new NotAnImageError(ref, identifier);
    return { ref: identifier.replace(/^(docker-image|oci-layout):\/\//, ''), ...meta.image };
  }
}
