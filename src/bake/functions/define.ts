import {
  defineFunction,
  dynamicType,
  type FunctionParameter,
  type FunctionSpec,
  type Type,
  type Value,
} from '../cty/index.ts';

interface Definition {
  readonly parameters?: readonly FunctionParameter[];
  readonly variadic?: FunctionParameter;
  /** The type of a result that is not known; dynamic unless given. */
  readonly returns?: Type;
  /** Gets arguments that its parameters allow. */
  readonly run: (...args: Value[]) => Value;
}

/** A function whose result has the type that its arguments give it. */
export function define({ parameters = [], variadic, returns = dynamicType, run }: Definition): FunctionSpec {
  const rest = variadic === undefined ? {} : { variadic };
  return defineFunction({ parameters, ...rest, returns, run: (args) => run(...args) });
}
