// Matches BuildKit's client/llb/source.go: attributes and capabilities of each kind of source.
import { TsbuildxError } from '../base/errors.ts';
import { goJson } from '../base/go-json.ts';
import { joinPath } from '../base/go-path.ts';
import { parseGitUrl } from './git-url.ts';
import { SourceVertex } from './source-op.ts';
import { State } from './state.ts';
import type { OpOptions } from './vertex.ts';

/** Whether an image known here is looked up again. */
export type ResolveMode = 'default' | 'pull' | 'local';

/** An image of a registry; `ref` must be a full reference, best with a digest. */
export function imageSource(ref: string, options: OpOptions & { readonly resolveMode?: ResolveMode }): State {
  const { resolveMode = 'default' } = options;
  const attrs = new Map<string, string>();
  const caps = ['source.image'];
  if (resolveMode !== 'default') attrs.set('image.resolvemode', resolveMode);
  if (resolveMode === 'pull') caps.push('source.image.resolvemode');
  return State.of(new SourceVertex(`docker-image://${ref}`, attrs, caps, options).output);
}

/** An image of an OCI layout that the client's session serves. */
export function ociLayoutSource(
  ref: string,
  options: OpOptions & { readonly sessionId: string; readonly storeId: string },
): State {
  const attrs = new Map<string, string>();
  if (options.sessionId !== '') attrs.set('oci.session', options.sessionId);
  if (options.storeId !== '') attrs.set('oci.store', options.storeId);
  return State.of(new SourceVertex(`oci-layout://${ref}`, attrs, ['source.ocilayout'], options).output);
}

export interface LocalSourceOptions extends OpOptions {
  readonly sessionId: string;
  /** Paths to send, with what their symlinks point to; empty for all. */
  readonly followPaths?: readonly string[] | undefined;
  readonly excludePatterns?: readonly string[] | undefined;
  readonly sharedKeyHint: string;
  /** `none`: send everything, compare nothing. */
  readonly differ?: 'none' | 'metadata' | undefined;
}

/** A directory of the client, by the name under which its session serves it. */
export function localSource(name: string, options: LocalSourceOptions): State {
  const attrs = new Map<string, string>();
  const caps = ['source.local'];
  const add = (attr: string, cap: string, value: string): void => {
    if (value === '') return;
    attrs.set(attr, value);
    caps.push(cap);
  };
  add('local.session', 'source.local.sessionid', options.sessionId);
  add('local.followpaths', 'source.local.followpaths', jsonList(options.followPaths));
  add('local.excludepatterns', 'source.local.excludepatterns', jsonList(options.excludePatterns));
  add('local.sharedkeyhint', 'source.local.sharedkeyhint', options.sharedKeyHint);
  if (options.differ !== undefined) attrs.set('local.differ', options.differ);
  return State.of(new SourceVertex(`local://${name}`, attrs, caps, options).output);
}

export interface HttpSourceOptions extends OpOptions {
  readonly filename: string;
  /** `sha256:…`; empty for none. */
  readonly checksum?: string | undefined;
}

/** One file of a web server. */
export function httpSource(url: string, options: HttpSourceOptions): State {
  const attrs = new Map<string, string>();
  const caps = ['source.http'];
  if (options.checksum !== undefined && options.checksum !== '') {
    attrs.set('http.checksum', options.checksum);
    caps.push('source.http.checksum');
  }
  if (options.filename !== '') attrs.set('http.filename', options.filename);
  return State.of(new SourceVertex(url, attrs, caps, options).output);
}

export interface GitSourceOptions extends OpOptions {
  readonly ref: string;
  readonly subdir: string;
  readonly keepGitDir: boolean;
  readonly checksum: string;
  readonly skipSubmodules: boolean;
  /** `commit`: files have the time of the commit. Empty: of the checkout. */
  readonly mtime: string;
  readonly fetchByCommit: boolean;
}

/** A git repository at a ref. */
export function gitSource(url: string, options: GitSourceOptions): State {
  const { remote, id, isSsh } = gitIdentity(url, options);
  const attrs = new Map<string, string>();
  const caps = ['source.git'];
  const add = (attr: string, cap: string, value: string): void => {
    if (value === '') return;
    attrs.set(attr, value);
    caps.push(cap);
  };
  add('git.keepgitdir', 'source.git.keepgitdir', options.keepGitDir ? 'true' : '');
  add('git.fullurl', 'source.git.fullurl', remote);
  attrs.set('git.authtokensecret', 'GIT_AUTH_TOKEN');
  attrs.set('git.authheadersecret', 'GIT_AUTH_HEADER');
  if (isSsh) {
    caps.push('source.git.knownsshhosts');
    add('git.mountsshsock', 'source.git.mountsshsock', 'default');
  }
  add('git.checksum', 'source.git.checksum', options.checksum);
  add('git.skipsubmodules', 'source.git.skipsubmodules', options.skipSubmodules ? 'true' : '');
  add('git.mtime', 'source.git.mtime', options.mtime);
  add('git.fetchbycommit', 'source.git.fetchbycommit', options.fetchByCommit ? 'true' : '');
  return State.of(new SourceVertex(`git://${id}`, attrs, caps, options).output);
}

/** The same repository by https and by ssh has one identity. */
function gitIdentity(url: string, options: GitSourceOptions): { remote: string; id: string; isSsh: boolean } {
  let remote = url;
  try {
    const parsed = parseGitUrl(url) ?? parseGitUrl(`https://${url}`);
    if (parsed === undefined) return { remote, id: remote, isSsh: false };
    remote = parsed.remote;
    const subdir = options.subdir === '' ? '' : `:${options.subdir}`;
    const fragment = options.ref === '' && subdir === '' ? '' : `#${options.ref}${subdir}`;
    return { remote, id: `${parsed.host}${joinPath('/', parsed.path)}${fragment}`, isSsh: parsed.scheme === 'ssh' };
  } catch (error) {
    // The daemon will say what is wrong with it.
    if (!(error instanceof TsbuildxError)) throw error;
    return { remote, id: remote, isSsh: false };
  }
}

/** Nothing for an empty list. */
function jsonList(list: readonly string[] | undefined): string {
  return list === undefined || list.length === 0 ? '' : goJson(list);
}
