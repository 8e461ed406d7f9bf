// Matches updateContext of buildx bake/bake.go: relative contexts of a definition in an archive of the web lie in the archive.
import type { Target } from '../../bake/index.ts';
import { type ArchiveDir, pathInArchive } from '../archive-context.ts';
import type { BuildOptions } from '../options.ts';
import { isElsewhere } from './remote-context.ts';
import type { TargetBuild } from './target-options.ts';

/** A target of an archive, and what of it lies there. */
export interface PlacedTarget {
  /** Its context is the archive; named contexts that lie there are gone. */
  readonly target: Target;
  /** Undefined: the context lies elsewhere. */
  readonly context: ArchiveDir | undefined;
  readonly contexts: ReadonlyMap<string, ArchiveDir>;
}

export function inArchive(target: Target, url: string): PlacedTarget {
  const { context = '.', contexts } = target;
  const [there, elsewhere] = [new Map<string, ArchiveDir>(), new Map<string, string>()];
  for (const [name, path] of contexts ?? []) {
    if (isElsewhere(path)) elsewhere.set(name, path);
    else there.set(name, { url, subdir: pathInArchive(path) });
  }
  const isThere = !isElsewhere(context);
  return {
    target: { ...target, context: isThere ? url : context, contexts: contexts && elsewhere },
    context: isThere ? { url, subdir: pathInArchive(context) } : undefined,
    contexts: there,
  };
}

/** The build of a target of an archive; the directories in it are printed as they are written, the archive as its address. */
export function buildFromArchive(
  { target, options }: TargetBuild,
  given: Target,
  { context, contexts }: PlacedTarget,
): TargetBuild {
  const archiveContexts = Object.fromEntries(contexts);
  const printed = { ...target, contexts: given.contexts };
  if (context === undefined) return { target: printed, options: { ...options, archiveContexts } };
  const { url, subdir } = context;
  return {
    target: { ...printed, context: subdir || url },
    options: {
      ...options,
      archiveContexts,
      context: { kind: 'remote', url, subdir },
      dockerfile: inSubdir(options.dockerfile, subdir),
    },
  };
}

function inSubdir(dockerfile: BuildOptions['dockerfile'], subdir: string): BuildOptions['dockerfile'] {
  if (dockerfile?.kind !== 'path' || dockerfile.path.startsWith('/')) return dockerfile;
  return { ...dockerfile, path: pathInArchive(`${subdir}/${dockerfile.path}`) };
}
