// Matches buildx util/urlutil: what the daemon fetches, and not this machine.
import { TsbuildxError } from '../base/errors.ts';
import { parseGitRef } from '../dockerfile/convert/index.ts';

/** Case and scheme as buildx takes them. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}

/** Also true for one with a wrong query: the build will say what is wrong with it. */
export function isGitReference(text: string): boolean {
  try {
    return parseGitRef(text) !== undefined;
  } catch (error) {
    if (error instanceof TsbuildxError) return true;
    throw error;
  }
}

/** http(s) URLs and git references. */
export function isRemoteUrl(text: string): boolean {
  return isHttpUrl(text) || isGitReference(text);
}
