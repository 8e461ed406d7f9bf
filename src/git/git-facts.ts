import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TsbuildxError } from '../base/errors.ts';
import type { Git } from './git-command.ts';

/** What a work tree is. */
export interface GitFacts {
  /** Top directory, without links. */
  readonly root: string;
  /** Undefined before the first commit. */
  readonly commit: string | undefined;
  /** URL of the remote that the current branch tracks, else of `origin`, else of `upstream`. */
  readonly url: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The nearest directory above that has a `.git`; undefined when none has. */
export function findWorkTree(start: string): string | undefined {
  for (let dir = start; ; dir = dirname(dir)) {
    if (lstatSync(join(dir, '.git'), { throwIfNoEntry: false }) !== undefined) return dir;
    if (dir === dirname(dir)) return undefined;
  }
}

/**
 * The facts of the work tree at `top`. An ordinary one is read from its files, beside one git process for its settings;
 * for all others git is asked, with three processes side by side.
 */
export async function gitFacts(top: string, env: Env, git: Git): Promise<GitFacts> {
  return (await readFacts(top, env, git)) ?? (await askFacts(git));
}

/** Variables that make git look elsewhere. */
const REDIRECTS = /^GIT_(DIR|WORK_TREE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE|CEILING_DIRECTORIES|DISCOVERY_)/;
const SETTINGS =
  '^(remote\\..*\\.url|branch\\..*\\.(remote|merge)|url\\..*\\.insteadof|core\\.(bare|worktree)|extensions\\..*)$';

async function readFacts(top: string, env: Env, git: Git): Promise<GitFacts | undefined> {
  if (Object.keys(env).some((name) => REDIRECTS.test(name)) || !isOrdinary(top)) return undefined;
  const head = readHead(join(top, '.git'));
  if (head === undefined) return undefined;
  const settings = readSettings((await git('config', '-z', '--get-regexp', SETTINGS)).stdout);
  const isPlain = [...settings.keys()].every(
    (key) =>
      !/^(core\.worktree|extensions\.|url\.)/.test(key) && !(key === 'core.bare' && settings.get(key) !== 'false'),
  );
  if (!isPlain) return undefined;
  const branch = (name: string): string | undefined => settings.get(`branch.${head.branch}.${name}`);
  const tracked = branch('merge') === undefined ? undefined : branch('remote');
  const urls = [tracked, 'origin', 'upstream'].map((remote) => settings.get(`remote.${remote}.url`));
  return { root: realpathSync(top), commit: head.commit, url: urls.find((url) => url !== undefined) };
}

/** A repository of this user's with its files in place; in another's git reads nothing, and says so. */
function isOrdinary(top: string): boolean {
  const user = process.geteuid?.();
  const gitDir = lstatSync(join(top, '.git'));
  return user !== undefined && gitDir.isDirectory() && gitDir.uid === user && statSync(top).uid === user;
}

/** Undefined when the files are not of the common form. */
function readHead(gitDir: string): { readonly branch: string; readonly commit: string | undefined } | undefined {
  const head = readText(join(gitDir, 'HEAD'))?.trimEnd() ?? '';
  if (isCommit(head)) return { branch: '', commit: head };
  const ref = /^ref: (refs\/heads\/(.+))$/.exec(head);
  if (ref?.[1] === undefined || ref[2] === undefined || ref[1].includes('..')) return undefined;
  const loose = readText(join(gitDir, ref[1]))?.trimEnd();
  if (loose !== undefined) return isCommit(loose) ? { branch: ref[2], commit: loose } : undefined;
  const packed = readText(join(gitDir, 'packed-refs')) ?? '';
  const line = packed.split('\n').find((text) => text.endsWith(` ${ref[1]}`));
  const commit = line?.slice(0, line.indexOf(' '));
  if (commit !== undefined && !isCommit(commit)) return undefined;
  return { branch: ref[2], commit };
}

function isCommit(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The first value of each key: git fetches from the first URL of a remote. */
function readSettings(output: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const entry of output.split('\0')) {
    const newline = entry.indexOf('\n');
    const [key, value] = newline < 0 ? [entry, 'true'] : [entry.slice(0, newline), entry.slice(newline + 1)];
    if (key !== '' && !settings.has(key)) settings.set(key, value);
  }
  return settings;
}

async function askFacts(git: Git): Promise<GitFacts> {
  const [place, remotes, branches] = await Promise.all([
    git('rev-parse', '--is-inside-work-tree', '--show-toplevel', 'HEAD'),
    git('remote', '-v'),
    git('for-each-ref', '--format=%(HEAD)%(upstream:remotename)', 'refs/heads'),
  ]);
  const [inside, root, commit] = place.stdout.split('\n');
  if (inside !== 'true' || root === undefined) {
    const why = `failed to read current commit information with git rev-parse --is-inside-work-tree: ${place.stderr.trim()}`;
    throw new TsbuildxError('IO', why);
  }
  // A repository without a commit makes rev-parse fail after the first two answers.
  return { root, commit: place.ok ? commit || undefined : undefined, url: fetchUrl(remotes.stdout, branches.stdout) };
}

function fetchUrl(remotes: string, branches: string): string | undefined {
  const urls = new Map<string, string>();
  for (const line of remotes.split('\n')) {
    const match = /^(\S+)\t(.*) \(fetch\)/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) urls.set(match[1], match[2]);
  }
  const current = branches.split('\n').find((line) => line.startsWith('*'));
  return urls.get(current?.slice(1) ?? '') ?? urls.get('origin') ?? urls.get('upstream');
}
