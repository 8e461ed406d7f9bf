import type { Value } from '../cty/index.ts';
import type { HclFunction } from './lazy-function.ts';

/** What the names in an expression mean. */
export interface EvalContext {
  /** Undefined: there are none here; only those of the parent, if that has any. */
  readonly variables?: ReadonlyMap<string, Value>;
  readonly functions?: ReadonlyMap<string, HclFunction>;
  /** Where names are sought that are not here. */
  readonly parent?: EvalContext;
}
