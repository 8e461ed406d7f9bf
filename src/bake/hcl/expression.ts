import type { Value } from '../cty/index.ts';
import type { Diagnosed } from './diagnostic.ts';
import type { EvalContext } from './eval-context.ts';
import type { Traversal } from './node.ts';
import type { SourceRange } from './range.ts';

/** An expression of either syntax. */
export interface Expression {
  readonly range: SourceRange;
  /** Where it begins: what diagnostics about its value point at. */
  readonly startRange: SourceRange;
  /** Its value, and what was wrong. Without a context neither variables nor functions can be used. */
  evaluate(context?: EvalContext): Diagnosed<Value>;
  /** Variables that it refers to, in the order of the source. */
  variables(): readonly Traversal[];
  /** Names of the functions that it calls. */
  functionCalls(): readonly string[];
  /** The expression as it stands, if it is a reference and nothing more. */
  asTraversal(): Traversal | undefined;
  /** The expression as it stands, if it is a function call. */
  asCall(): StaticCall | undefined;
  /** The elements as they stand, if it is a list. */
  asList(): readonly Expression[] | undefined;
  /** The items as they stand, if it is an object. */
  asMap(): readonly ExpressionPair[] | undefined;
}

export interface StaticCall {
  readonly name: string;
  readonly nameRange: SourceRange;
  readonly args: readonly Expression[];
  /** With the parentheses. */
  readonly argsRange: SourceRange;
}

export interface ExpressionPair {
  readonly key: Expression;
  readonly value: Expression;
}

/** The name that an expression consists of; undefined when there is more to it. */
export function keywordOf(expression: Expression): string | undefined {
  const traversal = expression.asTraversal();
  return traversal?.steps.length === 0 ? traversal.root : undefined;
}

/** An expression of a value that is known before: stands for an attribute that was not given. */
export function staticExpression(value: Value, range: SourceRange): Expression {
  return {
    range,
    startRange: range,
    evaluate: () => ({ value, diagnostics: [] }),
    variables: () => [],
    functionCalls: () => [],
    asTraversal: () => undefined,
    asCall: () => undefined,
    asList: () => undefined,
    asMap: () => undefined,
  };
}
