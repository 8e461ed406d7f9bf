// Matches buildx util/userfunc.
import { TsbuildxError } from '../../base/errors.ts';
import { defineFunction, dynamicType, type FunctionSpec, tupleValue, type Value } from '../cty/index.ts';
import { type Diagnostic, diagnosticsText } from './diagnostic.ts';
import type { EvalContext } from './eval-context.ts';
import { type Expression, keywordOf } from './expression.ts';

export interface UserFunction {
  /** A list of names. */
  readonly params: Expression;
  /** The name of a list with all further arguments. */
  readonly variadic?: Expression;
  /** What the function returns. */
  readonly result: Expression;
  /** What the result may refer to beside the parameters; asked for at each call. */
  readonly context: () => EvalContext;
}

/** A function of the bake file, or why it is none. */
export type MadeFunction = { readonly made: FunctionSpec } | { readonly diagnostics: readonly Diagnostic[] };

/** Makes a function whose result is an expression. Errors of a call have the text of its diagnostics. */
export function makeUserFunction({ params, variadic, result, context }: UserFunction): MadeFunction {
  const list = params.asList();
  if (list === undefined) {
    const detail = 'A static list expression is required.';
    return { diagnostics: [{ summary: 'Invalid expression', detail, subject: params.startRange }] };
  }
  const names: string[] = [];
  for (const expression of list) {
    const name = keywordOf(expression);
    if (name === undefined) {
      const detail = 'Each parameter name must be an identifier.';
      return { diagnostics: [{ summary: 'Invalid param element', detail, subject: expression.range }] };
    }
    names.push(name);
  }
  const rest = variadic && keywordOf(variadic);
  if (variadic !== undefined && rest === undefined) {
    const detail = 'The variadic parameter name must be an identifier.';
    return { diagnostics: [{ summary: 'Invalid variadic_params', detail, subject: variadic.range }] };
  }
  const run = (args: readonly Value[]): Value => {
    const variables = new Map<string, Value>();
    for (const [i, name] of names.entries()) {
      const arg = args[i];
      if (arg !== undefined) variables.set(name, arg);
    }
    if (rest !== undefined) variables.set(rest, tupleValue(args.slice(names.length)));
    const { value, diagnostics } = result.evaluate({ variables, parent: context() });
    if (diagnostics.length > 0) throw new TsbuildxError('INVALID_ARGUMENT', diagnosticsText(diagnostics));
    return value;
  };
  return { made: defineOnce(names, rest, run) };
}

/** The type of the result is known only with the result: it is computed once for both. */
function defineOnce(
  names: readonly string[],
  rest: string | undefined,
  run: (args: readonly Value[]) => Value,
): FunctionSpec {
  const results = new WeakMap<readonly Value[], Value>();
  return defineFunction({
    parameters: names.map((name) => ({ name, type: dynamicType })),
    ...(rest !== undefined && { variadic: { name: rest, type: dynamicType } }),
    returns(args) {
      const value = run(args);
      results.set(args, value);
      return value.type;
    },
    run: (args) => results.get(args) ?? run(args),
  });
}
