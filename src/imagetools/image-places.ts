import { resolve } from 'node:path';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { builderQuery, builderRegistries, type BuilderSettings, openRegistryClient } from '../builder/index.ts';
import {
  type ContentDescriptor,
  detectManifestType,
  type ImageStore,
  layoutStore,
  readJsonDocument,
  repositoryStore,
} from '../registry/images/index.ts';
import { formatLocation, type ImageLocation, placeOf } from './location.ts';

/** Where images are found, and as whom registries are asked. */
export interface ImageSettings extends BuilderSettings {
  /** The builder whose configuration of registries counts. Default: `$BUILDX_BUILDER`, else the current builder. */
  readonly builder?: string | undefined;
  /** Where the paths of OCI layouts begin. Default: the process's own. */
  readonly cwd?: string | undefined;
}

/** Places of images, opened. Disposing closes the connections. */
export interface ImagePlaces extends AsyncDisposable {
  /** One store a place. */
  store(location: ImageLocation): ImageStore;
  /** What a location stands for. Throws NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, IO, CANCELED. */
  resolve(location: ImageLocation, options: { readonly signal: AbortSignal }): Promise<ContentDescriptor>;
}

/** Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, IO. Nothing is dialed. */
export async function openPlaces(
  { builder, cwd = process.cwd(), ...settings }: ImageSettings,
  onWarning: (message: string) => void,
): Promise<ImagePlaces> {
  const query = { ...(await builderQuery(builder, settings)), anyContext: false };
  const registries = await builderRegistries(query);
  const client = await openRegistryClient({ config: query.config, env: query.env, onWarning, registries });
  const stores = new Map<string, ImageStore>();
  const places: ImagePlaces = {
    store(location) {
      const key = `${location.kind} ${placeOf(location)}`;
      const open = (): ImageStore =>
        location.kind === 'layout'
          ? layoutStore(layoutDir(cwd, location))
          : repositoryStore(client, location.reference);
      const store = stores.get(key) ?? open();
      stores.set(key, store);
      return store;
    },
    async resolve(location, options) {
      const { digest, tag = 'latest' } = location.reference;
      const store = places.store(location);
      const found = await store.find(digest === undefined ? { tag } : { digest }, options).catch(explainDenied);
      if (found !== undefined) {
        // not every registry tells what it gives
        if (found.mediaType !== '') return found;
        return { ...found, mediaType: detectManifestType(await readJsonDocument(store, found, options)) };
      }
      const isLayout = location.kind === 'layout';
      const isContent = isLayout && digest !== undefined;
      const name = formatLocation(location);
      const what = isContent ? `content ${digest}` : isLayout ? `reference ${name} not found` : name;
      throw new TsbuildxError('NOT_FOUND', `${what}: not found`);
    },
    [Symbol.asyncDispose]: async () => await client[Symbol.asyncDispose](),
  };
  return places;
}

/** The working directory is one of them only when it is named. */
function layoutDir(cwd: string, location: ImageLocation & { readonly kind: 'layout' }): string {
  const { path } = location.reference;
  if (path !== '') return resolve(cwd, path);
  throw new TsbuildxError('INVALID_ARGUMENT', `${formatLocation(location)} names no directory`);
}

/** Registries do not tell who may not see an image whether it is there. */
function explainDenied(error: unknown): never {
  const isDenied = error instanceof TsbuildxError && error.code === 'AUTH' && 'status' in error && error.status === 401;
  if (!isDenied) throw error;
  throw wrap('AUTH', 'pull access denied, repository does not exist or may require authorization', error);
}
