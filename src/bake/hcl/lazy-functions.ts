// Matches hcl's ext/tryfunc and the convert function of ext/typeexpr.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import {
  ArgumentError,
  boolType,
  convertValue,
  dynamicType,
  dynamicValue,
  falseValue,
  trueValue,
  unknownValue,
  type Value,
} from '../cty/index.ts';
import { addDiagnostics, type Diagnostic } from './diagnostic.ts';
import type { LazyArgument, LazyFunction } from './lazy-function.ts';
import { formatRange } from './range.ts';

/** The value of the first argument that can be evaluated. */
const tryFunction: LazyFunction = {
  parameters: [],
  variadic: { name: 'expressions', type: dynamicType, takes: 'expression' },
  callLazily(args) {
    if (args.length === 0) throw new TsbuildxError('INVALID_ARGUMENT', 'at least one argument is required');
    const faults: Diagnostic[] = [];
    for (const arg of args) {
      const { value, diagnostics } = evaluated(arg);
      if (diagnostics.length === 0) return value.isWhollyKnown ? value : dynamicValue;
      addDiagnostics(faults, diagnostics);
    }
    throw new TsbuildxError('INVALID_ARGUMENT', noSuccess(faults));
  },
};

/** Whether the argument can be evaluated. */
const canFunction: LazyFunction = {
  parameters: [{ name: 'expression', type: dynamicType, takes: 'expression' }],
  callLazily([arg]) {
    const { value, diagnostics } = evaluated(arg);
    if (diagnostics.length > 0) return falseValue;
    return value.isWhollyKnown ? trueValue : unknownValue(boolType);
  },
};

/** The first argument as one of the type that the second names. */
const convertFunction: LazyFunction = {
  parameters: [
    { name: 'value', type: dynamicType, takes: 'value' },
    { name: 'type', type: dynamicType, takes: 'type' },
  ],
  callLazily([value, type]) {
    if (value?.kind !== 'value' || type?.kind !== 'type') throw new TypeError('convert takes a value and a type');
    try {
      return convertValue(value.value, type.type);
    } catch (error) {
      throw new ArgumentError(0, messageOf(error), { cause: error });
    }
  },
};

/** The functions that take arguments as they stand: `try`, `can` and `convert`. */
export const lazyFunctions: ReadonlyMap<string, LazyFunction> = new Map([
  ['try', tryFunction],
  ['can', canFunction],
  ['convert', convertFunction],
]);

function evaluated(arg: LazyArgument | undefined): {
  readonly value: Value;
  readonly diagnostics: readonly Diagnostic[];
} {
  if (arg?.kind !== 'expression') throw new TypeError('the function takes expressions');
  return arg.evaluate();
}

function noSuccess(faults: readonly Diagnostic[]): string {
  const lines = faults.map(({ summary, subject, detail }) => {
    const where = subject === undefined ? '' : ` (at ${formatRange(subject)})`;
    return `- ${summary}${where}\n  ${detail}\n`;
  });
  return `no expression succeeded:\n${lines.join('')}\nAt least one expression must produce a successful result`;
}
