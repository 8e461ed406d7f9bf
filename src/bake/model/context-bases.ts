// Matches rebaseContextPaths of buildx bake/bake.go: $BUILDX_BAKE_FILE_RELATIVE_PATHS makes contexts relative to their files.
import { dirPath, isAbsolutePath, joinPath } from '../../base/go-path.ts';
import type { Definition, Target } from './target.ts';

/** Whether a text names what the daemon fetches: an http(s) URL or a git reference. */
export type IsRemote = (text: string) => boolean;

/** The directory of a file of this machine; undefined for one that has none. */
export function fileDirectory(name: string, isRemote: IsRemote): string | undefined {
  return name === '' || name === '-' || isRemote(name) ? undefined : dirPath(name);
}

/** Contexts as paths from the working directory. */
export function rebaseContexts({ groups, targets }: Definition, isRemote: IsRemote): Definition {
  const byName = new Map(targets.map((target) => [target.name, target]));
  return { groups, targets: targets.map((target) => rebase(target, byName, isRemote)) };
}

function rebase(target: Target, byName: ReadonlyMap<string, Target>, isRemote: IsRemote): Target {
  const { bases, context } = target;
  const contexts =
    target.contexts &&
    new Map(
      Array.from(target.contexts, ([name, path]) => [
        name,
        rebasePath(bases.contexts?.get(name) ?? '', path, isRemote),
      ]),
    );
  if (context === undefined)
    return { ...target, contexts, bases: { ...bases, usesDefault: bases.default !== undefined } };
  const copied = bases.contextOf === undefined ? undefined : byName.get(bases.contextOf)?.bases;
  const base = copied?.context ?? copied?.default ?? bases.context;
  return { ...target, contexts, context: base === undefined ? context : rebasePath(base, context, isRemote) };
}

const elsewhere = ['cwd://', 'target:', 'docker-image:', 'oci-layout://'];

function rebasePath(base: string, path: string, isRemote: IsRemote): string {
  const isKept = base === '' || path === '' || isAbsolutePath(path) || isRemote(path);
  return isKept || elsewhere.some((prefix) => path.startsWith(prefix)) ? path : joinPath(base, path);
}
