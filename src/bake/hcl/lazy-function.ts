import type { FunctionParameter, FunctionSpec, Type, Value } from '../cty/index.ts';
import type { Diagnosed } from './diagnostic.ts';

/** A function that takes some arguments as they stand. */
export interface LazyFunction {
  readonly parameters: readonly LazyParameter[];
  /** Takes all further arguments. */
  readonly variadic?: LazyParameter;
  /** Throws ArgumentError for a wrong argument, INVALID_ARGUMENT for all else. */
  callLazily(args: readonly LazyArgument[]): Value;
}

/** A parameter is a value, an expression that the function evaluates itself, or a type. */
export type LazyParameter = FunctionParameter & { readonly takes: LazyArgument['kind'] };

export type LazyArgument =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'expression'; evaluate(): Diagnosed<Value> }
  | { readonly kind: 'type'; readonly type: Type };

/** Anything that an expression can call. */
export type HclFunction = FunctionSpec | LazyFunction;
