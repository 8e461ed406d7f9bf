// Matches frontend/dockerfile/dfgitutil/git_ref.go: which references are git, and what their fragment and query say.
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import { parseGoUrl } from '../../base/go-url.ts';
import { type GitUrl, gitUrlOf, parseGitUrl } from '../../llb/index.ts';

export interface GitRef {
  readonly remote: string;
  readonly ref: string;
  readonly checksum: string;
  readonly subdir: string;
  /** `github.com/…` without a scheme: could be a local path as well. */
  readonly looksLocal: boolean;
  /** Undefined when the URL says nothing about it. */
  readonly keepGitDir: boolean | undefined;
  readonly submodules: boolean | undefined;
  /** `checkout`, `commit` or empty. */
  readonly mtime: string;
  readonly fetchByCommit: boolean;
}

/** Undefined when the text is no git reference. Throws when it is one with a wrong query. */
export function parseGitRef(text: string): GitRef | undefined {
  const looksLocal = text.startsWith('github.com/');
  const url = gitUrl(text, looksLocal);
  if (url === undefined) return undefined;
  const remote = looksLocal ? url.remote.slice(url.remote.indexOf('://') + 3) : url.remote;
  return { remote, looksLocal, ...readQuery(url) };
}

function gitUrl(text: string, looksLocal: boolean): GitUrl | undefined {
  if (text.startsWith('./') || text.startsWith('../')) return undefined;
  try {
    if (looksLocal) return gitUrlOf({ ...parseGoUrl(text), scheme: 'https' });
    const url = parseGitUrl(text);
    // A web address is git only when it says so.
    const isWeb = url?.scheme === 'http' || url?.scheme === 'https';
    return isWeb && !url.path.endsWith('.git') ? undefined : url;
  } catch (error) {
    if (error instanceof TsbuildxError) return undefined;
    throw error;
  }
}

type QueryPart = Omit<GitRef, 'remote' | 'looksLocal'>;

function readQuery(url: GitUrl): QueryPart {
  const flags: { keepGitDir?: boolean; submodules?: boolean; fetchByCommit?: boolean } = {};
  let { ref, subdir } = url;
  let checksum = '';
  let mtime = '';
  let tag = '';
  let branch = '';
  for (const [key, values] of url.query) {
    const value = singleValue(key, values);
    switch (key) {
      case 'ref':
        ref = agreed('ref', ref, value);
        break;
      case 'tag':
        tag = value;
        break;
      case 'branch':
        branch = value;
        break;
      case 'subdir':
        subdir = agreed('subdir', subdir, value);
        break;
      case 'checksum':
      case 'commit':
        checksum = value;
        break;
      case 'keep-git-dir':
        flags.keepGitDir = flag(key, value);
        break;
      case 'submodules':
        flags.submodules = flag(key, value);
        break;
      case 'fetch-by-commit':
        flags.fetchByCommit = flag(key, value);
        break;
      case 'mtime':
        if (value !== 'checkout' && value !== 'commit') {
          throw failure(`invalid mtime value: ${goQuote(value)} (must be "checkout" or "commit")`);
        }
        mtime = value;
        break;
      default:
        throw failure(`unexpected query ${goQuote(key)}`);
    }
  }
  if (tag !== '') ref = agreed('ref', ref, withPrefix('refs/tags/', tag));
  if (branch !== '' && tag !== '') throw failure('branch conflicts with tag');
  if (branch !== '') ref = agreed('ref', ref, withPrefix('refs/heads/', branch));
  const { keepGitDir, submodules, fetchByCommit = false } = flags;
  return { ref, subdir, checksum, mtime, keepGitDir, submodules, fetchByCommit };
}

const valueless = new Set(['submodules', 'keep-git-dir', 'fetch-by-commit']);

function singleValue(key: string, values: readonly string[]): string {
  const [value = '', ...more] = values;
  if (more.length > 0) throw failure(`query ${goQuote(key)} has multiple values`);
  if (value === '' && !valueless.has(key)) throw failure(`query ${goQuote(key)} has no value`);
  return value;
}

/** `key` alone means yes. */
function flag(key: string, value: string): boolean {
  const parsed = value === '' ? true : parseGoBool(value);
  if (parsed === undefined) throw failure(`invalid ${key} value: ${goQuote(value)}`);
  return parsed;
}

function agreed(what: string, known: string, value: string): string {
  if (known !== '' && known !== value) throw failure(`${what} conflicts: ${goQuote(known)} vs ${goQuote(value)}`);
  return value;
}

function withPrefix(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('DOCKERFILE', message);
}
