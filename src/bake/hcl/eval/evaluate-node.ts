// Matches hclsyntax/expression.go.
import { assertNever } from '../../../base/errors.ts';
import { dynamicValue, tupleValue, type Value } from '../../cty/index.ts';
import type { Diagnosed } from '../diagnostic.ts';
import type { EvalContext } from '../eval-context.ts';
import type { Expression } from '../expression.ts';
import type { Node } from '../node.ts';
import { evaluateBinary, evaluateUnary } from './operators.ts';
import { evaluateCall } from './call.ts';
import { evaluateConditional } from './conditional.ts';
import { atOwnLevel, Evaluator } from './evaluator.ts';
import { evaluateFor } from './for.ts';
import { evaluateObject, evaluateObjectKey } from './object.ts';
import { evaluateSplat } from './splat.ts';
import { evaluateJoin, evaluateTemplate } from './template.ts';
import { evaluateTraversal, followSteps, indexValue } from './traversal.ts';

/** The value of an expression, and what was wrong. */
export function evaluateNode(
  node: Node,
  context: EvalContext | undefined,
  expressionOf: (node: Node) => Expression,
): Diagnosed<Value> {
  const evaluator = new Evaluator({ evaluateNode: evaluateKind, expressionOf }, context);
  const value = atOwnLevel(() => evaluator.evaluate(node));
  return { value, diagnostics: evaluator.diagnostics };
}

function evaluateKind(node: Node, evaluator: Evaluator): Value {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'traversal':
      return evaluateTraversal(node, evaluator);
    case 'relative':
      return followSteps(evaluator.evaluate(node.source), node.steps, evaluator);
    case 'call':
      return evaluateCall(node, evaluator);
    case 'conditional':
      return evaluateConditional(node, evaluator);
    case 'index': {
      const collection = evaluator.evaluate(node.collection);
      return indexValue(collection, evaluator.evaluate(node.key), node.bracketRange, evaluator);
    }
    case 'tuple':
      return tupleValue(node.elements.map((element) => evaluator.evaluate(element)));
    case 'object':
      return evaluateObject(node, evaluator);
    case 'object key':
      return evaluateObjectKey(node, evaluator);
    case 'for':
      return evaluateFor(node, evaluator);
    case 'splat':
      return evaluateSplat(node, evaluator);
    case 'item':
      return evaluator.itemAt(node);
    case 'parentheses':
    case 'wrap':
      return evaluator.evaluate(node.expression);
    case 'binary':
      return evaluateBinary(node, evaluator);
    case 'unary':
      return evaluateUnary(node, evaluator);
    case 'template':
      return evaluateTemplate(node, evaluator);
    case 'join':
      return evaluateJoin(node, evaluator);
    case 'faulty':
      evaluator.addAll(node.diagnostics);
      return dynamicValue;
    default:
      return assertNever(node);
  }
}
