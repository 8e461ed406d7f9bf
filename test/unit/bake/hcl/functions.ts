// Values and functions for tests of expressions.
import { TsbuildxError } from '../../../../src/base/errors.ts';
import {
  ArgumentError,
  defineFunction,
  type FunctionSpec,
  integerValue,
  stringType,
  stringValue,
  tupleValue,
  type Value,
} from '../../../../src/bake/cty/index.ts';

export function numbers(list: readonly number[]): Value {
  return tupleValue(list.map((number) => integerValue(number)));
}

/** Joins texts with slashes; fails as it is told to. */
export const textFunction: FunctionSpec = defineFunction({
  parameters: [{ name: 'first', type: stringType }],
  variadic: { name: 'others', type: stringType },
  returns: stringType,
  run(args) {
    const text = args.map((arg) => arg.asString()).join('/');
    if (text === 'fail') throw new TsbuildxError('INVALID_ARGUMENT', 'it failed');
    if (text === 'bad') throw new ArgumentError(0, 'it is bad');
    return stringValue(text);
  },
});
