import { devNull } from 'node:os';
import type { AwsKeys } from './cache-credentials.ts';

/**
 * The keys that AWS's tools would use: of the environment, of profiles, single sign-on, web identities, containers and
 * machines. Undefined when there are none, as for buildx: the daemon may have some of its own.
 */
export async function defaultAwsKeys(env: Readonly<Record<string, string | undefined>>): Promise<AwsKeys | undefined> {
  const inEnv = keysInEnv(env);
  if (inEnv !== undefined) return inEnv;
  const { AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile, AWS_ROLE_ARN: role } = env;
  if (tokenFile && !role) return undefined;
  const profile = env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'];
  // Go's SDK looks nowhere else than for the web identity; the library would look into the profiles first.
  const options = tokenFile ? noProfiles : profile ? { profile } : {};
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  try {
    return await defaultProvider(options)();
  } catch {
    return undefined;
  }
}

const noProfiles = { filepath: devNull, configFilepath: devNull };

/** Go's SDK takes these before all else, also beside a profile. */
function keysInEnv(env: Readonly<Record<string, string | undefined>>): AwsKeys | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'] || env['AWS_ACCESS_KEY'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'] || env['AWS_SECRET_KEY'];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] || undefined };
}
