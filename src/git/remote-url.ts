// Matches buildx util/gitutil RemoteURL.
import { TsbuildxError } from '../base/errors.ts';
import { redactCredentials } from '../base/redact-url.ts';
import { gitIn } from './git-command.ts';
import { findWorkTree, gitFacts } from './git-facts.ts';

/**
 * The URL that the work tree around `dir` is fetched from, without credentials. Rejects with NOT_FOUND when there is none, IO when
 * git is missing.
 */
export async function remoteUrl(
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly signal: AbortSignal },
): Promise<string> {
  const top = findWorkTree(dir);
  const url = top === undefined ? undefined : (await gitFacts(top, env, gitIn(dir, env, options))).url;
  if (url !== undefined) return redactCredentials(url);
  throw new TsbuildxError('NOT_FOUND', 'no remote URL found for either origin or upstream');
}
