// Matches function/stdlib/format.go of go-cty.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import {
  ArgumentError,
  type FunctionSpec,
  lengthOf,
  listType,
  listValue,
  stringType,
  stringValue,
  unknownValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { formatText } from './format-text.ts';
import { checkTextLength } from './limits.ts';
import { anything, parameter, text } from './parameter.ts';

function format(template: Value, args: readonly Value[]): Value {
  if (args.some((arg) => !arg.isWhollyKnown)) return unknownValue(stringType);
  return stringValue(formatText(template.asString(), args));
}

function isSequence({ type, isNull }: Value): boolean {
  return !isNull && (type.kind === 'list' || type.kind === 'set' || type.kind === 'tuple');
}

/** Formats once for each element of the sequences among the arguments; all else is the same each time. */
function formatList(template: Value, args: readonly Value[]): Value {
  if (args.some((arg) => (isSequence(arg) ? lengthOf(arg) === undefined : isUnknown(arg)))) {
    return unknownValue(listType(stringType));
  }
  const count = commonLength(args) ?? 1;
  const results: Value[] = [];
  let size = 0;
  for (let i = 0; i < count; i++) {
    const line = args.map((arg) => (isSequence(arg) ? arg.asElements()[i] : arg)).filter((arg) => arg !== undefined);
    const result = line.every((arg) => arg.isWhollyKnown)
      ? formatted(template.asString(), line, i, args.length > 0)
      : unknownValue(stringType);
    size += result.isKnown ? result.asString().length : 0;
    checkTextLength(size);
    results.push(result);
  }
  return listValue(results, stringType);
}

function isUnknown(value: Value): boolean {
  return !value.isKnown && value.type.kind === 'dynamic';
}

function commonLength(args: readonly Value[]): number | undefined {
  const first = args.findIndex(isSequence);
  const length = first < 0 ? undefined : lengthOfArgument(args, first);
  for (const [i, arg] of args.entries()) {
    const other = isSequence(arg) ? lengthOf(arg) : length;
    if (other === length) continue;
    throw new ArgumentError(
      i + 1,
      `argument ${i + 1} has length ${other}, which is inconsistent with argument ${first + 1} of length ${length}`,
    );
  }
  return length;
}

function lengthOfArgument(args: readonly Value[], index: number): number | undefined {
  const arg = args[index];
  return arg === undefined ? undefined : lengthOf(arg);
}

function formatted(template: string, args: readonly Value[], iteration: number, isList: boolean): Value {
  try {
    return stringValue(formatText(template, args));
  } catch (error) {
    if (!isList || !(error instanceof TsbuildxError)) throw error;
    const message = `error on format iteration ${iteration}: ${messageOf(error)}`;
    throw new TsbuildxError('INVALID_ARGUMENT', message, { cause: error });
  }
}

export const formatFunctions: Readonly<Record<string, FunctionSpec>> = {
  format: define({
    parameters: [text('format')],
    variadic: parameter('args', undefined, anything),
    returns: stringType,
    run: (template: Value, ...args: Value[]) => format(template, args),
  }),
  formatlist: define({
    parameters: [text('format')],
    variadic: parameter('args', undefined, anything),
    returns: listType(stringType),
    run: (template: Value, ...args: Value[]) => formatList(template, args),
  }),
};
