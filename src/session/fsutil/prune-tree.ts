import { lstatSync, readdirSync, rmSync } from 'node:fs';
import type { ConfinedTree } from './confined-tree.ts';
import { fromSystemError } from './fs-error.ts';

/** Removes what a tree holds besides the paths to keep. Nothing is removed through a link. Error: IO, naming the path. */
export function pruneTree(tree: ConfinedTree, keep: ReadonlySet<string>): void {
  const directories = ['.'];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const name of readdirSync(tree.locate(directory === '.' ? '.' : `${directory}/.`))) {
      const path = directory === '.' ? name : `${directory}/${name}`;
      try {
        const location = tree.locate(path);
        if (!keep.has(path)) {
          tree.forget(path);
          rmSync(location, { recursive: true });
        } else if (lstatSync(location).isDirectory()) directories.push(path);
      } catch (error) {
        throw fromSystemError(error, path);
      }
    }
  }
}
