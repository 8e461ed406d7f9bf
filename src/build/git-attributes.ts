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
  /** Builds with the same one ask git once for each directory. */
  readonly workTrees?: WorkTrees | undefined;
}

/** What git said of directories. */
export type WorkTrees = Map<string, Promise<WorkTree>>;

interface WorkTree {
  readonly root: string;
  readonly commit: string | undefined;
  readonly url: string | undefined;
  /** Asked only with BUILDX_GIT_CHECK_DIRTY. */
  readonly isDirty: boolean;
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
  const { workTrees = new Map() } = request;
  const asking = workTrees.get(request.contextDir) ?? askGit(top, request, options);
  workTrees.set(request.contextDir, asking);
  const { root, commit, url: source, isDirty } = await asking;
  if (commit !== undefined) {
    const revision = isDirty ? `${commit}-dirty` : commit;
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

async function askGit(
  top: string,
  { contextDir, env }: GitRequest,
  options: { readonly signal: AbortSignal },
): Promise<WorkTree> {
  const git = gitIn(contextDir, env, options);
  const facts = await gitFacts(top, env, git);
  const isChecked = parseGoBool(env['BUILDX_GIT_CHECK_DIRTY'] ?? '') ?? false;
  return { ...facts, isDirty: facts.commit !== undefined && isChecked && (await hasChanges(git)) };
}

async function hasChanges(git: Git): Promise<boolean> {
  const status = await git('status', '--porcelain', '--ignored');
  return !status.ok || status.stdout.trim() !== '';
}
