import { realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseGoBool } from '../base/go-bool.ts';
import { redactCredentials } from '../base/redact-url.ts';
import { findWorkTree, type Git, gitFacts, gitIn } from '../git/index.ts';

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
 * Matches buildx build/git.go, which runs six git processes in a row.
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
  const top = labels || info ? findWorkTree(request.contextDir) : undefined;
  if (top === undefined) return attributes;
  const git = gitIn(request.contextDir, request.env, options);
  const { root, commit, url: source } = await gitFacts(top, request.env, git);
  if (commit !== undefined) {
    const dirty = (parseGoBool(request.env['BUILDX_GIT_CHECK_DIRTY'] ?? '') ?? false) && (await isDirty(git));
    const revision = dirty ? `${commit}-dirty` : commit;
    if (labels) attributes.set('label:org.opencontainers.image.revision', revision);
    if (info) attributes.set('vcs:revision', revision);
  }
  if (source !== undefined) {
    const url = redactCredentials(source);
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

async function isDirty(git: Git): Promise<boolean> {
  const status = await git('status', '--porcelain', '--ignored');
  return !status.ok || status.stdout.trim() !== '';
}
