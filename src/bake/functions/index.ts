// Matches the table of buildx bake/hclparser/stdlib.go. `can`, `try` and `convert` take expressions: the evaluator has them.
import type { FunctionSpec } from '../cty/index.ts';
import { collectionFunctions } from './collection-functions.ts';
import { cryptoFunctions } from './crypto-functions.ts';
import { dateFunctions } from './date-functions.ts';
import { encodingFunctions } from './encoding-functions.ts';
import { formatFunctions } from './format-functions.ts';
import { listFunctions } from './list-functions.ts';
import { logicFunctions } from './logic-functions.ts';
import { nameFunctions } from './name-functions.ts';
import { networkFunctions } from './network-functions.ts';
import { numberFunctions } from './number-functions.ts';
import { regexFunctions } from './regex-functions.ts';
import { setFunctions } from './set-functions.ts';
import { textFunctions } from './text-functions.ts';

export { loadFunctionLibraries } from './libraries.ts';

/** What the functions of a bake file know of the world. */
export interface FunctionEnvironment {
  /** Seconds since 1970. */
  now(): number;
  /** That many bytes that nobody can guess. */
  random(count: number): Uint8Array;
  /** Of the user, for `homedir()`. */
  readonly homeDirectory: string;
}

/**
 * The functions of bake files by name.
 * Before a call of `regex…` or `bcrypt`, `loadFunctionLibraries` must have seen the files.
 */
export function standardFunctions(environment: FunctionEnvironment): ReadonlyMap<string, FunctionSpec> {
  return new Map(
    Object.entries({
      ...collectionFunctions,
      ...cryptoFunctions((count) => environment.random(count)),
      ...dateFunctions(() => environment.now()),
      ...encodingFunctions,
      ...formatFunctions,
      ...listFunctions,
      ...logicFunctions,
      ...nameFunctions(environment.homeDirectory),
      ...networkFunctions,
      ...numberFunctions,
      ...regexFunctions,
      ...setFunctions,
      ...textFunctions,
    }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
