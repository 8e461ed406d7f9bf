import {
  defineFunction,
  dynamicType,
  type FunctionParameter,
  type FunctionSpec,
  type Type,
  unknownValue,
  type Value,
} from '../cty/index.ts';

interface Definition {
  readonly parameters?: readonly FunctionParameter[];
  readonly variadic?: FunctionParameter;
  /** The type of a result that is not known; dynamic unless given. */
  readonly returns?: Type;
  /** Whether something unknown inside an argument makes the result unknown. */
  readonly looksInside?: boolean;
  /** Gets arguments that its parameters allow. */
  readonly run: (...args: Value[]) => Value;
}

/** A function whose result has the type that its arguments give it. */
export function define(definition: Definition): FunctionSpec {
  const { parameters = [], variadic, returns = dynamicType, looksInside = false, run } = definition;
  const rest = variadic === undefined ? {} : { variadic };
  return defineFunction({
    parameters,
    ...rest,
    returns,
    run: (args) => (looksInside && args.some((arg) => !arg.isWhollyKnown) ? unknownValue(returns) : run(...args)),
  });
}
