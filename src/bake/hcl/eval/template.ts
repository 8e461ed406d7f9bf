// Matches hclsyntax/expression_template.go.
import { messageOf } from '../../../base/errors.ts';
import { convertValue, stringType, stringValue, unknownValue, type Value } from '../../cty/index.ts';
import type { JoinNode, TemplateNode } from '../node.ts';
import type { Evaluator } from './evaluator.ts';

const SUMMARY = 'Invalid template interpolation value';

/** All parts in one text; not known when one of them is not. */
export function evaluateTemplate(node: TemplateNode, evaluator: Evaluator): Value {
  const before = evaluator.diagnostics.length;
  let text = '';
  let isKnown = true;
  for (const part of node.parts) {
    const value = evaluator.evaluate(part);
    if (value.isNull) {
      const detail = 'The expression result is null. Cannot include a null value in a string template.';
      evaluator.report(SUMMARY, detail, part.range, node.range);
    } else if (!value.isKnown) isKnown = false;
    else {
      try {
        const own = convertValue(value, stringType).asString();
        if (!evaluator.hasErrorsSince(before)) text += own;
      } catch (error) {
        const detail = `Cannot include the given value in a string template: ${messageOf(error)}.`;
        evaluator.report(SUMMARY, detail, part.range, node.range);
      }
    }
  }
  return isKnown ? stringValue(text) : unknownValue(stringType);
}

/** The texts of a loop in one. */
export function evaluateJoin(node: JoinNode, evaluator: Evaluator): Value {
  const tuple = evaluator.evaluate(node.tuple);
  if (!tuple.isKnown) return unknownValue(stringType);
  let text = '';
  for (const element of tuple.asElements()) {
    if (element.isNull) {
      const detail = 'An iteration result is null. Cannot include a null value in a string template.';
      evaluator.report(SUMMARY, detail, node.range);
      continue;
    }
    if (!element.isKnown) return unknownValue(stringType);
    try {
      text += convertValue(element, stringType).asString();
    } catch (error) {
      const detail = `Cannot include one of the interpolation results into the string template: ${messageOf(error)}.`;
      evaluator.report(SUMMARY, detail, node.range);
    }
  }
  return stringValue(text);
}
