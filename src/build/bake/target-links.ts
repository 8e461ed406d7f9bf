// Matches validateTargetLinks of buildx build/build.go: targets that are contexts of others.
import { TsbuildxError } from '../../base/errors.ts';
import type { BuildOptions } from '../options.ts';

/** Targets by name, with the options of their builds. All are of one builder. */
export type TargetBuilds = ReadonlyMap<string, BuildOptions>;

/** The contexts of targets that are other targets: by target, then by the context's name. */
export type TargetLinks = ReadonlyMap<string, ReadonlyMap<string, string>>;

const linkPrefix = 'target:';

/** Named contexts that are targets. */
export function linksOf(builds: TargetBuilds): TargetLinks {
  const links = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, { namedContexts = {} }] of builds) {
    const own = Object.entries(namedContexts).filter(([, value]) => value.startsWith(linkPrefix));
    if (own.length > 0) links.set(name, new Map(own.map(([key, value]) => [key, value.slice(linkPrefix.length)])));
  }
  return links;
}

/** The other named contexts stay. */
export function withoutLinks(options: BuildOptions): BuildOptions {
  const kept = Object.entries(options.namedContexts ?? {}).filter(([, value]) => !value.startsWith(linkPrefix));
  return { ...options, namedContexts: Object.fromEntries(kept) };
}

/** The targets that these need to be built, themselves first. */
export function withLinked(names: Iterable<string>, links: TargetLinks): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const linked of links.get(name)?.values() ?? []) found.add(linked);
  return found;
}

/**
 * Every context that is a target is built too, on each node that needs it: nothing waits for what never comes.
 * Errors: INVALID_ARGUMENT.
 */
export function checkLinks(links: TargetLinks, nodesOf: ReadonlyMap<string, readonly unknown[]>): void {
  for (const [target, contexts] of links) {
    for (const [context, linked] of contexts) {
      const nodes = nodesOf.get(linked);
      if (nodes === undefined) {
        throw new TsbuildxError('INVALID_ARGUMENT', `failed to find target ${linked} for context ${context}`);
      }
      if (nodesOf.get(target)?.every((node) => nodes.includes(node)) !== false) continue;
      const what = `failed to use ${linked} as context ${context} for ${target}`;
      throw new TsbuildxError('INVALID_ARGUMENT', `${what} because targets build with different drivers`);
    }
  }
}
