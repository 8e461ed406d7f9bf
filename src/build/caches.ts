// Matches buildx build/opt.go toSolveOpt and BuildKit's client/solve.go parseCacheOptions.
import { TsbuildxError } from '../base/errors.ts';
import { goJson } from '../base/go-json.ts';
import type { BuildCaches } from './build-caches.ts';
import type { CacheEntry } from '../buildkit/control/index.ts';
import type { OciStore } from '../registry/layout/index.ts';
import { isTrueLoose, type NodeFeatures, notSupported } from './attributes.ts';
import { completeCache } from './cache-credentials.ts';
import {
  finishLocalExports,
  type LocalCacheExport,
  localExport,
  localImport,
  SkippedCacheError,
} from './local-caches.ts';
import type { BuildOptions, CacheSpec } from './options.ts';

export interface CacheDeps {
  readonly features: NodeFeatures;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks the daemon for its LLB capabilities; only done when a cache depends on one. */
  readonly daemonCaps: () => Promise<ReadonlySet<string>>;
  readonly onWarning: (message: string) => void;
}

/** Types that are left out on daemons without the capability. */
const capabilities: Readonly<Record<string, string>> = { gha: 'cache.gha', s3: 'cache.s3' };

/** Errors: INVALID_ARGUMENT, UNSUPPORTED (exports to an engine with the old image store). */
export async function planCaches(options: BuildOptions, deps: CacheDeps): Promise<BuildCaches> {
  const { features, env, cwd, onWarning } = deps;
  const before = BigInt(Date.now()) * 1_000_000n;
  const awsKeys = once(async () => await (await import('./aws-keys.ts')).defaultAwsKeys(env));
  const daemonCaps = once(deps.daemonCaps);
  const completed = async (caches: readonly CacheSpec[] = []): Promise<CacheSpec[]> =>
    (await Promise.all(caches.map((cache) => completeCache(cache, { env, awsKeys })))).filter((c) => c !== undefined);

  const wanted = await completed(options.cacheTo);
  if (isTrueLoose(options.buildArgs?.['BUILDKIT_INLINE_CACHE'])) wanted.push({ type: 'inline', attrs: {} });
  if (!features.containerImageStore && wanted.some(({ type }) => type !== 'inline')) {
    throw notSupported('Cache export', 'https://docs.docker.com/go/build-cache-backends/');
  }
  const cacheTo = await known(wanted, daemonCaps);
  const cacheFrom = await known(await completed(options.cacheFrom), daemonCaps);
  const stores = new Map<string, OciStore>();
  const imports = await planImports(cacheFrom, { cwd, stores, onWarning });
  const local: LocalCacheExport[] = [];
  for (const cache of cacheTo) {
    requireRef(cache, 'exporter');
    if (cache.type !== 'local') continue;
    const target = await localExport(cache, cwd);
    local.push(target);
    // Where one directory is read and written, the store that can do both serves.
    stores.set(storeId(cache.attrs['dest'] ?? ''), target.store);
  }
  return {
    exports: cacheTo,
    imports,
    attributes: imports.length === 0 ? {} : { 'cache-imports': importsJson(imports) },
    stores,
    finish: async (response) => await finishLocalExports(local, response['cache.manifest'], { before, onWarning }),
  };
}

interface ImportDeps {
  readonly cwd: string;
  readonly stores: Map<string, OciStore>;
  readonly onWarning: (message: string) => void;
}

async function planImports(
  caches: readonly CacheSpec[],
  { cwd, stores, onWarning }: ImportDeps,
): Promise<CacheEntry[]> {
  const imports: CacheEntry[] = [];
  for (const cache of caches) {
    requireRef(cache, 'importer');
    if (cache.type !== 'local') {
      imports.push(cache);
      continue;
    }
    try {
      const { digest, store } = await localImport(cache, cwd);
      stores.set(storeId(cache.attrs['src'] ?? ''), store);
      imports.push({ type: cache.type, attrs: { ...cache.attrs, digest } });
    } catch (error) {
      if (!(error instanceof SkippedCacheError)) throw error;
      onWarning(error.message);
    }
  }
  return imports;
}

/** The caches that the daemon has a backend for. */
async function known(
  caches: readonly CacheSpec[],
  daemonCaps: () => Promise<ReadonlySet<string>>,
): Promise<CacheSpec[]> {
  const found: CacheSpec[] = [];
  for (const cache of caches) {
    const needed = Object.hasOwn(capabilities, cache.type) ? capabilities[cache.type] : undefined;
    if (needed === undefined || (await daemonCaps()).has(needed)) found.push(cache);
  }
  return found;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return async () => await (result ??= work());
}

function requireRef({ type, attrs }: CacheSpec, what: string): void {
  if (type === 'registry' && !attrs['ref']) {
    throw new TsbuildxError('INVALID_ARGUMENT', `registry cache ${what} requires ref`);
  }
}

/** The directory as it was written: the daemon asks by that. */
function storeId(dir: string): string {
  return `local:${dir}`;
}

function importsJson(imports: readonly CacheEntry[]): string {
  return goJson(
    imports.map(({ type, attrs }) => ({
      Type: type || undefined,
      Attrs: Object.keys(attrs).length === 0 ? undefined : new Map(Object.entries(attrs)),
    })),
  );
}
