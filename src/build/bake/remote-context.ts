// Matches updateContext of buildx bake/bake.go: relative contexts of a remote definition lie in its repository.
import { posix } from 'node:path';
import type { Target } from '../../bake/index.ts';
import { parseGitRef } from '../../dockerfile/convert/index.ts';
import { isRemoteUrl } from '../remote-url.ts';

/** The target with its contexts as parts of the repository. */
export function inRepository(target: Target, repository: string): Target {
  const context = target.context ?? '.';
  const contexts = Array.from(target.contexts ?? [], ([name, path]): [string, string] => [
    name,
    located(path, repository),
  ]);
  return { ...target, context: located(context, repository), contexts: target.contexts && new Map(contexts) };
}

function located(path: string, repository: string): string {
  return isElsewhere(path) ? path : withSubdir(repository, path);
}

/** Whether a context lies somewhere else than its definition. */
export function isElsewhere(path: string): boolean {
  return /^(?:cwd:\/\/|target:|docker-image:|oci-layout:)/.test(path) || isRemoteUrl(path);
}

/** A directory of a repository, in the way that the URL has it: as a query, or behind `#`. */
function withSubdir(repository: string, path: string): string {
  const clean = posix.normalize(path).replace(/(?<=.)\/$/, '');
  if (clean === '.') return repository;
  const git = parseGitRef(repository);
  if (git === undefined) return repository;
  const subdir = git.subdir === '' ? clean : posix.join(git.subdir, clean);
  const [base = '', fragment = ''] = cutAt(repository, '#');
  if (!repository.includes('#') && URL.canParse(repository)) {
    const url = new URL(repository);
    if (url.searchParams.has('subdir')) {
      url.searchParams.set('subdir', subdir);
      return url.href;
    }
  }
  const [ref = ''] = fragment.split(':');
  return `${base}#${ref}:${subdir}`;
}

function cutAt(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
