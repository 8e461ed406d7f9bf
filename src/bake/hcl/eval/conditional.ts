// Matches ConditionalExpr of hclsyntax/expression.go.
import { messageOf } from '../../../base/errors.ts';
import {
  boolType,
  convertUnified,
  convertValue,
  dynamicType,
  dynamicValue,
  nullValue,
  typesEqual,
  type Unification,
  unifyTypes,
  unknownValue,
  type Value,
} from '../../cty/index.ts';
import type { ConditionalNode } from '../node.ts';
import { rangeBetween } from '../range.ts';
import { describeMismatch } from './describe-mismatch.ts';
import type { Evaluator } from './evaluator.ts';

const INCONSISTENT = 'Inconsistent conditional result types';

/** Both results are evaluated, for their types; what is wrong with the one that is not taken does not matter. */
export function evaluateConditional(node: ConditionalNode, evaluator: Evaluator): Value {
  const [trueSide, falseSide] = [evaluator.apart(), evaluator.apart()];
  const whenTrue = trueSide.evaluate(node.whenTrue);
  const whenFalse = falseSide.evaluate(node.whenFalse);
  const unification = unifyResults(whenTrue, whenFalse);
  if (unification === undefined) {
    const why = describeMismatch(whenTrue.type, whenFalse.type);
    const detail = `The true and false result expressions must have consistent types. ${why}.`;
    const subject = rangeBetween(node.whenTrue.range, node.whenFalse.range);
    // Nothing else is told, not even of the condition.
    evaluator.report(INCONSISTENT, detail, subject, node.range);
    return dynamicValue;
  }
  const unknown = unknownValue(unification.type);
  const isTrue = evaluateCondition(node, evaluator);
  if (isTrue === 'faulty') return unknown;
  if (isTrue === undefined) return whenTrue.isNull && whenFalse.isNull ? nullValue(unification.type) : unknown;
  evaluator.addAll((isTrue ? trueSide : falseSide).diagnostics);
  const value = isTrue ? whenTrue : whenFalse;
  try {
    return convertResult(value, unification);
  } catch (error) {
    const detail = `The ${String(isTrue)} result value has the wrong type: ${messageOf(error)}.`;
    evaluator.report(INCONSISTENT, detail, (isTrue ? node.whenTrue : node.whenFalse).range, node.range);
    return unknown;
  }
}

/** The type that both results convert to. A literal null takes any type; what is not known stays as it is. */
function unifyResults(whenTrue: Value, whenFalse: Value): Unification | undefined {
  if (isLiteralNull(whenTrue)) return { type: whenFalse.type, isErased: false };
  if (isLiteralNull(whenFalse)) return { type: whenTrue.type, isErased: false };
  const isDynamic = whenTrue.type.kind === 'dynamic' || whenFalse.type.kind === 'dynamic';
  return isDynamic ? { type: dynamicType, isErased: false } : unifyTypes([whenTrue.type, whenFalse.type]);
}

function isLiteralNull(value: Value): boolean {
  return value.isNull && value.type.kind === 'dynamic';
}

function convertResult(value: Value, unification: Unification): Value {
  const { type, isErased } = unification;
  const isSame = type.kind === 'dynamic' || typesEqual(value.type, type);
  return isSame && !isErased ? value : convertUnified(value, unification);
}

/** Undefined: not known. */
function evaluateCondition(
  { condition, range }: ConditionalNode,
  evaluator: Evaluator,
): boolean | 'faulty' | undefined {
  const result = evaluator.evaluate(condition);
  if (result.isNull) {
    const detail = 'The condition value is null. Conditions must either be true or false.';
    evaluator.report('Null condition', detail, condition.range, range);
    return 'faulty';
  }
  if (!result.isKnown) return undefined;
  try {
    return convertValue(result, boolType).asBool();
  } catch {
    const detail = 'The condition expression must be of type bool.';
    evaluator.report('Incorrect condition type', detail, condition.range, range);
    return 'faulty';
  }
}
