// Matches BuildKit's util/gitutil/git_url.go: URLs with a scheme, and `user@host:path` as scp has it.
import { TsbuildxError } from '../base/errors.ts';
import { joinPath } from '../base/go-path.ts';
import { formatGoUrl, type GoUrl, parseGoQuery, parseGoUrl } from '../base/go-url.ts';

/** A git remote with what its fragment and query add. */
export interface GitUrl {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** From `#ref:subdir`; empty when not given. */
  readonly ref: string;
  readonly subdir: string;
  /** What git itself is given: without query and fragment. */
  readonly remote: string;
}

const protocols = new Set(['http', 'https', 'ssh', 'git']);
const scpLike = /^([a-zA-Z0-9-_]+)@([a-zA-Z0-9-.]+):(.*?)(?:\?(.*?))?(?:#(.*))?$/;

/** Undefined: no known form. Throws code INVALID_ARGUMENT when the form is known and the URL is wrong. */
export function parseGitUrl(text: string): GitUrl | undefined {
  const protocol = /^([a-zA-Z0-9]+):\/\//.exec(text)?.[1]?.toLowerCase();
  if (protocol !== undefined) {
    if (!protocols.has(protocol)) throw new TsbuildxError('INVALID_ARGUMENT', `${protocol}: invalid protocol`);
    return gitUrlOf(parseGoUrl(text));
  }
  const scp = scpLike.exec(text);
  if (scp === null) return undefined;
  const [, user = '', host = '', path = '', query = '', fragment = ''] = scp;
  return {
    scheme: 'ssh',
    host,
    path,
    query: parseGoQuery(query),
    ...splitFragment(fragment),
    remote: `${user}@${host}:${path}`,
  };
}

export function gitUrlOf(url: GoUrl): GitUrl {
  return {
    scheme: url.scheme,
    host: url.host,
    path: url.path,
    query: lenientQuery(url.rawQuery),
    ...splitFragment(url.fragment),
    remote: formatGoUrl(url),
  };
}

/** Go's URL.Query drops the pairs that it cannot read. */
function lenientQuery(query: string): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    try {
      for (const [key, values] of parseGoQuery(pair)) out.set(key, [...(out.get(key) ?? []), ...values]);
    } catch (error) {
      if (!(error instanceof TsbuildxError)) throw error;
    }
  }
  return out;
}

function splitFragment(fragment: string): { ref: string; subdir: string } {
  const colon = fragment.indexOf(':');
  if (colon < 0) return { ref: fragment, subdir: '' };
  return { ref: fragment.slice(0, colon), subdir: joinPath('/', fragment.slice(colon + 1)).slice(1) };
}
