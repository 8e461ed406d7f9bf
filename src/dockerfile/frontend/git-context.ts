import { customName, gitSource, httpSource, type State } from '../../llb/index.ts';
import { parseGitRef } from '../convert/index.ts';

/** The state of a git context; undefined when the text is no git reference. Throws when it is a wrong one. */
export function gitContext(
  text: string,
  options: { readonly keepGitDir: boolean; readonly commitTimes: boolean },
): State | undefined {
  const git = parseGitRef(text);
  if (git === undefined) return undefined;
  return gitSource(git.remote, {
    ref: git.ref,
    subdir: git.subdir,
    keepGitDir: options.keepGitDir || git.keepGitDir === true,
    checksum: git.checksum,
    skipSubmodules: git.submodules === false,
    mtime: git.mtime || (options.commitTimes ? 'commit' : ''),
    fetchByCommit: git.fetchByCommit,
    description: { [customName]: `[internal] load git source ${text}` },
  });
}

/** The name of a downloaded context. */
export const downloadedName = 'context';

/** The state of a web context, a single file; undefined when the text is no web address. */
export function httpContext(text: string, title: string): State | undefined {
  if (!/^https?:\/\//.test(text)) return undefined;
  return httpSource(text, { filename: downloadedName, description: { [customName]: title } });
}
