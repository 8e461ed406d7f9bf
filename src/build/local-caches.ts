// Matches BuildKit's client/solve.go parseCacheOptions: the caches in directories of this machine.
import { resolve } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { goQuote } from '../base/go-quote.ts';
import { isJsonObject } from '../base/json-object.ts';
import { makeDirectories } from '../files/index.ts';
import {
  addToLayoutIndex,
  dropUnreferenced,
  findByName,
  type OciStore,
  openStore,
  readLayoutIndex,
} from '../registry/layout/index.ts';
import type { CacheSpec } from './options.ts';

export interface LocalCacheExport {
  readonly store: OciStore;
  readonly tag: string;
  /** Drops what the new index does not name. */
  readonly resets: boolean;
}

/** A cache that is written. Its directory is made now: that it cannot be is better told before the build. Errors: INVALID_ARGUMENT, IO. */
export async function localExport({ attrs }: CacheSpec, cwd: string): Promise<LocalCacheExport> {
  const { dest = '', tag = 'latest', reset = 'false' } = attrs;
  if (dest === '') throw invalid('local cache exporter requires dest');
  const resets = parseGoBool(reset);
  if (resets === undefined) {
    throw invalid(`failed to parse reset attribute: strconv.ParseBool: parsing ${goQuote(reset)}: invalid syntax`);
  }
  const dir = resolve(cwd, dest);
  try {
    makeDirectories(dir);
  } catch (error) {
    throw new TsbuildxError('IO', messageOf(error), { cause: error });
  }
  return { store: openStore(dir, { writable: true }), tag, resets };
}

/** A cache that is read: the digest of what is read, and from where. Rejects with the reason why nothing can be. */
export async function localImport(
  { attrs }: CacheSpec,
  cwd: string,
): Promise<{ readonly digest: string; readonly store: OciStore }> {
  const { src = '', digest: given = '', tag = 'latest' } = attrs;
  if (src === '') throw invalid('local cache importer requires src');
  if (given === '' && tag === '') {
    throw invalid('local cache importer requires either explicit digest, "latest" tag or custom tag on index.json');
  }
  const store = openStore(resolve(cwd, src), { writable: false });
  const digest = given === '' ? await findDigest(store.dir, tag, src) : given;
  const found = await store.info(digest).catch((error: unknown) => {
    throw skipped(src, `digest ${digest} unavailable: ${messageOf(error)}`, error);
  });
  if (found === undefined) throw skipped(src, `digest ${digest} unavailable: content ${digest}: not found`);
  return { digest, store };
}

/** A cache that cannot be read is a cache that is not there: builds go on without it. */
export class SkippedCacheError extends TsbuildxError {
  override readonly name: string = 'SkippedCacheError';
}

async function findDigest(dir: string, tag: string, src: string): Promise<string> {
  let found: string | undefined;
  try {
    found = findByName(await readLayoutIndex(dir), tag)?.digest;
  } catch (error) {
    throw new SkippedCacheError('NOT_FOUND', `local cache import at ${src} skipped due to err: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (found === undefined) throw skipped(src, `no digest found for tag ${tag}`);
  return found;
}

/** Names what the daemon has exported. `manifest` is its answer `cache.manifest`; `before` as for `dropUnreferenced`. */
export async function finishLocalExports(
  caches: readonly LocalCacheExport[],
  manifest: string | undefined,
  { before, onWarning }: { readonly before: bigint; readonly onWarning: (message: string) => void },
): Promise<void> {
  if (manifest) {
    const descriptor: unknown = JSON.parse(manifest);
    if (!isJsonObject(descriptor)) throw new TsbuildxError('PROTOCOL', 'the daemon names no cache that it exported');
    for (const { store, tag } of caches) await addToLayoutIndex(store.dir, descriptor, [{ kind: 'tag', tag }]);
  }
  for (const { store } of caches.filter(({ resets }) => resets)) {
    await dropUnreferenced(store, before).catch((error: unknown) => {
      onWarning(`failed to reset cache store: ${messageOf(error)}`);
    });
  }
}

function skipped(src: string, why: string, cause?: unknown): SkippedCacheError {
  return new SkippedCacheError('NOT_FOUND', `local cache import at ${src} skipped: ${why}`, { cause });
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
