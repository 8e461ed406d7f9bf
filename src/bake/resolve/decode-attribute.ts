// Matches DecodeExpression of buildx bake/hclparser/gohcl.
import { TsbuildxError } from '../../base/errors.ts';
import type { Diagnostic, EvalContext, Expression } from '../hcl/index.ts';
import type { Decoder } from './decode.ts';

/** The value of an expression as data; undefined, and told in `problems`, when it is unsuitable. */
export function decodeAttribute<T>(
  expression: Expression,
  context: EvalContext | undefined,
  decode: Decoder<T>,
  problems: Diagnostic[],
): T | undefined {
  const { value, diagnostics } = expression.evaluate(context);
  problems.push(...diagnostics);
  try {
    return decode(value);
  } catch (error) {
    if (!(error instanceof TsbuildxError)) throw error;
    problems.push({
      summary: 'Unsuitable value type',
      detail: `Unsuitable value: ${error.message}`,
      subject: expression.startRange,
      context: expression.range,
    });
    return undefined;
  }
}
