import type { AwsKeys } from './cache-credentials.ts';

/**
 * The keys that AWS's tools would use: of the environment, of profiles, single sign-on, web identities, containers and
 * machines. Undefined when there are none, as for buildx: the daemon may have some of its own.
 */
export async function defaultAwsKeys(env: Readonly<Record<string, string | undefined>>): Promise<AwsKeys | undefined> {
  const inEnv = keysInEnv(env);
  if (inEnv !== undefined) return inEnv;
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const { AWS_PROFILE: profile } = env;
  try {
    return await defaultProvider(profile ? { profile } : {})();
  } catch {
    return undefined;
  }
}

/** Go's SDK takes these before all else, also beside a profile. */
function keysInEnv(env: Readonly<Record<string, string | undefined>>): AwsKeys | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'] || env['AWS_ACCESS_KEY'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'] || env['AWS_SECRET_KEY'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] || undefined };
}
