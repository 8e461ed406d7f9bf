import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';

/** A status that lists every ignored file, in bytes. */
const MAX_OUTPUT = 256 * 1024 * 1024;

export interface GitRequest {
  /** Directory of the context. */
  readonly contextDir: string;
  /** Path of the Dockerfile as given; undefined for the default one. */
  readonly dockerfile: string | undefined;
  readonly cwd: string;
  /** Local directories that are sent, by name: they get `vcs:localdir:<name>`. */
  readonly localDirs: ReadonlyMap<string, string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The `vcs:*` attributes and, with BUILDX_GIT_LABELS, the labels of a context inside a git work tree; empty outside one.
 * Matches buildx build/git.go, with three git processes side by side in place of six in a row.
 * Rejects when git is missing or fails in a work tree: the caller warns and goes on.
 */
export async function gitAttributes(
  request: GitRequest,
  options: { readonly signal: AbortSignal },
): Promise<Map<string, string>> {
  const attributes = new Map<string, string>();
  const labels =
    (parseGoBool(request.env['BUILDX_GIT_LABELS'] ?? '') ?? false) || request.env['BUILDX_GIT_LABELS'] === 'full';
  const info = parseGoBool(request.env['BUILDX_GIT_INFO'] ?? '') ?? true;
  if ((!labels && !info) || !hasGitDir(request.contextDir)) return attributes;

  const git = (...args: string[]): Promise<GitOutput> => runGit(request, args, options.signal);
  const [place, remotes, upstream] = await Promise.all([
    git('rev-parse', '--is-inside-work-tree', '--show-toplevel', 'HEAD'),
    git('remote', '-v'),
    git('for-each-ref', '--format=%(HEAD)%(upstream:remotename)', 'refs/heads'),
  ]);
  const [inside, root, commit] = place.stdout.split('\n');
  if (inside !== 'true' || root === undefined) {
    throw new TsbuildxError(
      'IO',
      `failed to read current commit information with git rev-parse: ${place.stderr.trim()}`,
    );
  }

  // A repository without a commit makes rev-parse fail after the first two answers.
  if (place.ok && commit !== undefined && commit !== '') {
    const dirty = (parseGoBool(request.env['BUILDX_GIT_CHECK_DIRTY'] ?? '') ?? false) && (await isDirty(git));
    const revision = dirty ? `${commit}-dirty` : commit;
    if (labels) attributes.set('label:org.opencontainers.image.revision', revision);
    if (info) attributes.set('vcs:revision', revision);
  }
  const url = remoteUrl(remotes.stdout, upstream.stdout);
  if (url !== undefined) {
    if (labels) attributes.set('label:org.opencontainers.image.source', url);
    if (info) attributes.set('vcs:source', url);
  }
  if (labels) {
    const dockerfile = request.dockerfile ?? join(request.contextDir, 'Dockerfile');
    const inRoot = relative(root, resolve(request.cwd, dockerfile));
    if (!inRoot.startsWith('..')) attributes.set('label:com.docker.image.source.entrypoint', inRoot);
  }
  if (info) {
    for (const [name, dir] of request.localDirs) {
      const inRoot = relative(root, realpathSync(dir));
      if (!inRoot.startsWith('..')) attributes.set(`vcs:localdir:${name}`, inRoot === '' ? '.' : inRoot);
    }
  }
  return attributes;
}

function hasGitDir(start: string): boolean {
  for (let dir = start; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return true;
    if (dir === dirname(dir)) return false;
  }
}

async function isDirty(git: (...args: string[]) => Promise<GitOutput>): Promise<boolean> {
  const status = await git('status', '--porcelain', '--ignored');
  return !status.ok || status.stdout.trim() !== '';
}

/** The remote that the current branch tracks, else origin, else upstream; credentials are cut out. */
function remoteUrl(remotes: string, branches: string): string | undefined {
  const urls = new Map<string, string>();
  for (const line of remotes.split('\n')) {
    const match = /^(\S+)\t(.*) \(fetch\)/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) urls.set(match[1], match[2]);
  }
  const tracked =
    branches
      .split('\n')
      .find((line) => line.startsWith('*'))
      ?.slice(1) ?? '';
  const url = urls.get(tracked) ?? urls.get('origin') ?? urls.get('upstream');
  return url === undefined ? undefined : redactCredentials(url);
}

// Matches buildkit util/urlutil RedactCredentials: what is not a URL with user info stays as it is.
function redactCredentials(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/@]*)@(.*)$/i.exec(url);
  if (match === null || !URL.canParse(url)) return url;
  const [, scheme = '', userinfo = '', rest = ''] = match;
  const hasPassword = userinfo.includes(':');
  const user = userinfo.startsWith(':') || userinfo === '' ? '' : 'xxxxx';
  return `${scheme}${user}${hasPassword ? ':xxxxx' : ''}@${rest}`;
}

interface GitOutput {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

function runGit(request: GitRequest, args: readonly string[], signal: AbortSignal): Promise<GitOutput> {
  const env = { ...request.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  return new Promise((resolvePromise, reject) => {
    execFile(
      'git',
      ['-c', 'log.showSignature=false', ...args],
      { cwd: request.contextDir, env, signal, maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        if (error !== null && error.code === 'ENOENT') {
          reject(new TsbuildxError('IO', 'git was not found in the system', { cause: error }));
        } else if (error !== null && typeof error.code !== 'number') {
          reject(new TsbuildxError('IO', `git ${args[0] ?? ''} failed: ${messageOf(error)}`, { cause: error }));
        } else {
          resolvePromise({ ok: error === null, stdout, stderr });
        }
      },
    );
  });
}
