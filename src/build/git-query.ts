// Matches processGitURL of buildx build/opt.go: git URLs with a query need a frontend that understands it, or are turned
// into LLB here.
import { parseGoBool } from '../base/go-bool.ts';
import { gitContext } from '../dockerfile/frontend/index.ts';
import { type Definition, marshal, parseGitUrl, type State } from '../llb/index.ts';
import type { BuildOptions } from './options.ts';
import { isGitReference } from './remote-url.ts';

/** What a git URL with a query adds to a build: a capability of the frontend, or a definition in the URL's place. */
export type GitQuery =
  | { readonly kind: 'capability'; readonly name: string }
  | { readonly kind: 'input'; readonly definition: Definition };

/** Undefined when the URL has no query, or is not git's. `forMain`: the context itself, not a named one. */
export function gitQuery(url: string, forMain: boolean, options: BuildOptions): GitQuery | undefined {
  if (!isGitReference(url) || (parseGitUrl(url)?.query.size ?? 0) === 0) return undefined;
  const env = options.env ?? process.env;
  if (parseGoBool(env['BUILDX_SEND_GIT_QUERY_AS_INPUT'] ?? '') !== true) {
    return { kind: 'capability', name: `moby.buildkit.frontend.gitquerystring${forMain ? '' : '+forward'}` };
  }
  const keepsGitDir = forMain && parseGoBool(options.buildArgs?.['BUILDKIT_CONTEXT_KEEP_GIT_DIR'] ?? '') === true;
  const state = stateOf(url, keepsGitDir, forMain);
  return state && { kind: 'input', definition: definitionOf(state) };
}

/** What is wrong with the URL of a named context is told when the context is needed, as buildx does. */
function stateOf(url: string, keepGitDir: boolean, forMain: boolean): State | undefined {
  try {
    return gitContext(url, { keepGitDir, commitTimes: false });
  } catch (error) {
    if (forMain) throw error;
    return undefined;
  }
}

function definitionOf(state: State): Definition {
  return marshal(state, { platform: { os: 'linux', architecture: 'amd64' } });
}
