// Matches buildx build/opt.go CreateCaches: what the environment adds to the attributes of remote caches.
import { parseGoBool } from '../base/go-bool.ts';
import type { CacheSpec } from './options.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Attrs = Readonly<Record<string, string>>;

/** Keys of an AWS account. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface CacheEnvironment {
  readonly env: Env;
  /** AWS's default chain; undefined when nothing in it has keys. */
  readonly awsKeys: () => Promise<AwsKeys | undefined>;
}

/**
 * The cache with what the environment knows of it; undefined when it cannot work here: outside of GitHub's runners a
 * `gha` cache is left out. What is added are secrets: they go to the daemon and nowhere else.
 */
export async function completeCache(
  { type, attrs }: CacheSpec,
  { env, awsKeys }: CacheEnvironment,
): Promise<CacheSpec | undefined> {
  switch (type) {
    case 'gha': {
      const all = { ...githubAttrs(attrs, env), ...attrs };
      return all['token'] && (all['url'] || all['url_v2']) ? { type, attrs: all } : undefined;
    }
    case 's3':
      return { type, attrs: { ...(await awsAttrs(attrs, awsKeys)), ...attrs } };
    default:
      return { type, attrs };
  }
}

function githubAttrs(attrs: Attrs, env: Env): Attrs {
  const isV2 = parseGoBool(env['ACTIONS_CACHE_SERVICE_V2'] ?? '') === true;
  const version = attrs['version'] ?? (isV2 ? '2' : '');
  return defined({
    token: env['ACTIONS_RUNTIME_TOKEN'],
    url_v2: version === '2' ? env['ACTIONS_RESULTS_URL'] : undefined,
    url: env['ACTIONS_CACHE_URL'] ?? env['ACTIONS_RESULTS_URL'],
  });
}

async function awsAttrs(attrs: Attrs, awsKeys: CacheEnvironment['awsKeys']): Promise<Attrs> {
  // A session token belongs to the keys that it came with.
  if ('access_key_id' in attrs && 'secret_access_key' in attrs) return {};
  const keys = await awsKeys();
  return defined({
    access_key_id: keys?.accessKeyId || undefined,
    secret_access_key: keys?.secretAccessKey || undefined,
    session_token: keys?.sessionToken || undefined,
  });
}

function defined(values: Readonly<Record<string, string | undefined>>): Attrs {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
