// Matches fsutil/followlinks.go: paths that a receiver needs, with the links on the way and where they lead.
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { cleanPath, joinPath } from '../../base/go-path.ts';
import { matchFileName } from '../../patterns/index.ts';
import { fromSystemError, isMissing } from './fs-error.ts';
import { compareNames } from './order.ts';

/**
 * Include patterns for the paths and for what their symbolic links point to, all within the root; undefined when the
 * root itself is among them, so that nothing may be left out. Errors: IO.
 */
export function followLinks(root: string, paths: readonly string[]): string[] | undefined {
  const resolver = new LinkResolver(root);
  for (const path of paths) resolver.add(path);
  return withoutNested([...resolver.resolved].sort(compareNames));
}

/** Include patterns, without those below another; undefined when one is the root. */
export function withoutNested(paths: readonly string[]): string[] | undefined {
  const out: string[] = [];
  let last = '';
  for (const path of paths) {
    if (path === '.') return undefined;
    if (path.startsWith(`${last}/`)) continue;
    out.push(path);
    last = path;
  }
  return out;
}

class LinkResolver {
  readonly resolved = new Set<string>();
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Not recursive: a link may lead to the next in a long chain. */
  add(first: string): void {
    const waiting = [first];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      for (const next of this.#resolve(cleanPath(`./${path}`)).reverse()) waiting.push(next);
    }
  }

  /** Goes along a path up to the first link; where to go on from there. */
  #resolve(path: string): string[] {
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const current = parts.slice(0, depth).join('/');
      const targets = this.#targets(current);
      const isLast = depth === parts.length;
      if (targets === undefined && !isLast) continue;
      if (this.resolved.has(current)) return [];
      this.resolved.add(current);
      const rest = parts.slice(depth).join('/');
      return (targets ?? []).map((target) => joinPath(target, rest));
    }
    return [];
  }

  /** Where a path leads when it is a link, or a wildcard that matches links; undefined when it is none. */
  #targets(path: string): string[] | undefined {
    const slash = path.lastIndexOf('/');
    const directory = slash < 0 ? '.' : path.slice(0, slash);
    const name = path.slice(slash + 1);
    if (!hasWildcard(name)) {
      const target = this.#readLink(path);
      return target === undefined ? undefined : [target];
    }
    const targets = this.#names(directory)
      .filter((entry) => matchFileName(name, entry) === true)
      .map((entry) => this.#readLink(joinPath(directory, entry)))
      .filter((target) => target !== undefined);
    return targets.length === 0 ? undefined : targets;
  }

  /** An absolute link is meant from the root; no link leads out of it. */
  #readLink(path: string): string | undefined {
    if (path === '.' || path === '..' || path.startsWith('../')) return undefined;
    const file = `${this.#root}/${path}`;
    try {
      if (!lstatSync(file).isSymbolicLink()) return undefined;
      const link = readlinkSync(file);
      return cleanPath(link.startsWith('/') ? link : `/${path.slice(0, path.lastIndexOf('/') + 1)}${link}`);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw fromSystemError(error, path);
    }
  }

  #names(directory: string): string[] {
    if (directory === '..' || directory.startsWith('../')) return [];
    try {
      return readdirSync(`${this.#root}/${directory}`).sort(compareNames);
    } catch (error) {
      if (isMissing(error)) return [];
      throw fromSystemError(error, directory);
    }
  }
}

function hasWildcard(name: string): boolean {
  return /^(?:[^\\*?[]|\\.)*[*?[]/s.test(name);
}
