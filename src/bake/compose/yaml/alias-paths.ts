import type { TreePath } from '../tree-path.ts';

interface Place {
  isTaken: boolean;
  readonly below: Map<string, Place>;
}

/** Where aliases of one node stand. */
export class AliasPaths {
  readonly #paths: TreePath[] = [];
  readonly #root = newPlace();

  /** Adds a path. Gives the first of the others that stands in it, or in which it stands: then a node has itself within. */
  add(path: TreePath): TreePath | undefined {
    let place = this.#root;
    let isWithin = false;
    for (const key of path) {
      isWithin ||= place.isTaken;
      const next = place.below.get(key) ?? newPlace();
      place.below.set(key, next);
      place = next;
    }
    if (isWithin || place.below.size > 0) return this.#paths.find((other) => isAround(path, other));
    place.isTaken = true;
    this.#paths.push(path);
    return undefined;
  }
}

function newPlace(): Place {
  return { isTaken: false, below: new Map() };
}

/** Whether one of two paths stands in the other. */
function isAround(path: TreePath, other: TreePath): boolean {
  const [outer, inner] = path.length < other.length ? [path, other] : [other, path];
  return outer.length < inner.length && outer.every((key, at) => key === inner[at]);
}
