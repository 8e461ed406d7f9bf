// Matches ObjectConsExpr and ObjectConsKeyExpr of hclsyntax/expression.go.
import { messageOf } from '../../../base/errors.ts';
import { convertValue, dynamicValue, objectValue, stringType, stringValue, type Value } from '../../cty/index.ts';
import type { ObjectItem, ObjectKeyNode, ObjectNode } from '../node.ts';
import { keywordOf } from '../static.ts';
import type { Evaluator } from './evaluator.ts';

/** An object of the items; not known when one of the keys is not. */
export function evaluateObject(node: ObjectNode, evaluator: Evaluator): Value {
  const members = new Map<string, Value>();
  let isKnown = true;
  for (const item of node.items) {
    const before = evaluator.diagnostics.length;
    const key = evaluator.evaluate(item.key);
    const isFaulty = evaluator.hasErrorsSince(before);
    const value = evaluator.evaluate(item.value);
    const name = isFaulty ? undefined : nameOf(key, item, evaluator);
    if (name === undefined) isKnown = false;
    else members.set(name, value);
  }
  return isKnown ? objectValue(members) : dynamicValue;
}

function nameOf(key: Value, item: ObjectItem, evaluator: Evaluator): string | undefined {
  if (key.isNull) {
    evaluator.report('Null value as key', "Can't use a null value as a key.", item.value.range);
    return undefined;
  }
  try {
    const name = convertValue(key, stringType);
    return name.isKnown ? name.asString() : undefined;
  } catch (error) {
    const detail = `Can't use this value as a key: ${messageOf(error)}.`;
    evaluator.report('Incorrect key type', detail, item.key.range);
    return undefined;
  }
}

/** A name stands for itself, unless it is in parentheses. */
export function evaluateObjectKey({ expression, isParenthesized, range }: ObjectKeyNode, evaluator: Evaluator): Value {
  if (!isParenthesized) {
    if (expression.kind === 'traversal' && expression.steps.length > 0) {
      const detail =
        "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal.";
      evaluator.report('Ambiguous attribute key', detail, range);
      return dynamicValue;
    }
    const name = keywordOf(expression);
    if (name !== undefined) return stringValue(name);
  }
  return evaluator.evaluate(expression);
}
