/** Where a value stands: the keys on the way to it, `[]` for an item of a list. */
export type TreePath = readonly string[];

export const listItem = '[]';

export function pathText(path: TreePath): string {
  return path.join('.');
}

/** What is known of some paths, by patterns such as `services.*.build`; `*` stands for any one key. */
export class PathTable<T> {
  readonly #rows: readonly (readonly [pattern: TreePath, entry: T])[];

  constructor(entries: Readonly<Record<string, T>>) {
    this.#rows = Object.entries(entries).map(([pattern, entry]) => [pattern.split('.'), entry]);
  }

  find(path: TreePath): T | undefined {
    return this.#rows.find(([pattern]) => matches(pattern, path))?.[1];
  }
}

export function matches(pattern: TreePath, path: TreePath): boolean {
  if (pattern.length !== path.length) return false;
  for (let at = path.length - 1; at >= 0; at--) if (pattern[at] !== '*' && pattern[at] !== path[at]) return false;
  return true;
}
