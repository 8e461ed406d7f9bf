import type { FunctionType, ParameterType } from '../values/go-type.ts';
import type { BoundFunction } from '../values/go-value.ts';

export type Functions = ReadonlyMap<string, BoundFunction>;

/** A function for templates. `result` is how Go would print the type of what it gives. */
export function templateFunction(
  parameters: readonly ParameterType[],
  call: BoundFunction['call'],
  options: { readonly isVariadic?: boolean } = {},
): BoundFunction {
  const names = parameters.map(({ name }) => name).join(', ');
  const type: FunctionType = {
    kind: 'func',
    name: `func(${names})`,
    parameters,
    isVariadic: options.isVariadic ?? false,
  };
  return { type, call };
}
