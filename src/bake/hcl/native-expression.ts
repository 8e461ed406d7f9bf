import type { Value } from '../cty/index.ts';
import type { Diagnosed } from './diagnostic.ts';
import type { EvalContext } from './eval-context.ts';
import { evaluateNode } from './eval/evaluate-node.ts';
import type { Expression, ExpressionPair, StaticCall } from './expression.ts';
import { type Node, startRange, type Traversal } from './node.ts';
import { rangeBetween, type SourceRange } from './range.ts';
import { callOf, objectOf, traversalOf, tupleOf } from './static.ts';
import { functionCallsOf, variablesOf } from './walk.ts';

/** An expression of the native syntax. */
export class NativeExpression implements Expression {
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
  }

  get range(): SourceRange {
    return this.#node.range;
  }

  get startRange(): SourceRange {
    return startRange(this.#node);
  }

  evaluate(context?: EvalContext): Diagnosed<Value> {
    return evaluateNode(this.#node, context, (node) => new NativeExpression(node));
  }

  variables(): readonly Traversal[] {
    return variablesOf(this.#node);
  }

  functionCalls(): readonly string[] {
    return functionCallsOf(this.#node);
  }

  asTraversal(): Traversal | undefined {
    return traversalOf(this.#node);
  }

  asCall(): StaticCall | undefined {
    const call = callOf(this.#node);
    if (call === undefined) return undefined;
    const { name, nameRange, args, openRange, closeRange } = call;
    return {
      name,
      nameRange,
      args: args.map((arg) => new NativeExpression(arg)),
      argsRange: rangeBetween(openRange, closeRange),
    };
  }

  asList(): readonly Expression[] | undefined {
    return tupleOf(this.#node)?.elements.map((element) => new NativeExpression(element));
  }

  asMap(): readonly ExpressionPair[] | undefined {
    return objectOf(this.#node)?.items.map(({ key, value }) => ({
      key: new NativeExpression(key),
      value: new NativeExpression(value),
    }));
  }
}
