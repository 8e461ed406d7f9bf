// Matches SplatExpr of hclsyntax/expression.go.
import {
  commonElementType,
  dynamicValue,
  listType,
  listValue,
  tupleType,
  tupleValue,
  type Type,
  unknownValue,
  type Value,
} from '../../cty/index.ts';
import type { SplatNode } from '../node.ts';
import { rangeBetween } from '../range.ts';
import type { Evaluator } from './evaluator.ts';

/** Does the same to each element. A value that is no sequence counts as a sequence of itself, null as an empty one. */
export function evaluateSplat(node: SplatNode, evaluator: Evaluator): Value {
  const before = evaluator.diagnostics.length;
  const given = evaluator.evaluate(node.source);
  if (evaluator.hasErrorsSince(before)) return dynamicValue;
  const isSequence = given.type.kind === 'tuple' || given.type.kind === 'list' || given.type.kind === 'set';
  if (given.isNull) {
    if (!isSequence) return tupleValue([]);
    const detail = 'Splat expressions (with the * symbol) cannot be applied to null sequences.';
    const context = rangeBetween(node.source.range, node.markerRange);
    evaluator.report('Splat of null value', detail, node.source.range, context);
    return dynamicValue;
  }
  if (given.type.kind === 'dynamic') return dynamicValue;
  const source = isSequence ? given : tupleValue([given]);
  if (!source.isKnown) return unknownValue(resultType(node, source.type, evaluator));
  const start = evaluator.diagnostics.length;
  const values = source.asElements().map((element) => evaluator.evaluateItem(node.each, node.item, element));
  // An unknown value may turn out to be null.
  if (!isSequence && !given.isKnown) return dynamicValue;
  if (evaluator.hasErrorsSince(start)) return unknownValue(resultType(node, source.type, evaluator.apart()));
  return source.type.kind === 'tuple' ? tupleValue(values) : listOf(values, { node, source }, evaluator);
}

function listOf(
  values: readonly Value[],
  { node, source }: { readonly node: SplatNode; readonly source: Value },
  evaluator: Evaluator,
): Value {
  if (values.length === 0) {
    const type = resultType(node, source.type, evaluator);
    return listValue([], type.kind === 'list' ? type.element : undefined);
  }
  if (commonElementType(values) !== undefined) return listValue(values);
  const detail =
    "The second level of splat expression produced elements of different types, so it isn't possible to construct a valid list to represent the top-level result.\n\nConsider using a for expression instead, to produce a tuple-typed result which can therefore have non-homogenous element types.";
  evaluator.report('Invalid nested splat expressions', detail, node.each.range, node.range);
  return dynamicValue;
}

/** The type of the result, found out with elements that are not known. */
function resultType({ each, item }: SplatNode, source: Type, evaluator: Evaluator): Type {
  const typeOf = (element: Type): Type => evaluator.evaluateItem(each, item, unknownValue(element)).type;
  if (source.kind === 'tuple') return tupleType(source.elements.map(typeOf));
  return 'element' in source ? listType(typeOf(source.element)) : source;
}
