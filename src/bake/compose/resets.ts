// Matches compose-go loader/reset.go: what `!reset` and `!override` take away from what was there before.
import { matches, type TreePath } from './tree-path.ts';
import { type ComposeMap, isMap } from './value.ts';

/** Changes the model. Entries of lists stay. */
export function applyResets(model: ComposeMap, resets: readonly TreePath[], path: TreePath = []): void {
  if (resets.length === 0) return;
  for (const [key, value] of model) {
    const next = [...path, key];
    if (resets.some((pattern) => matches(pattern, next))) model.delete(key);
    else if (isMap(value)) applyResets(value, resets, next);
  }
}
