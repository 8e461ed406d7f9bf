// Matches ForExpr of hclsyntax/expression.go.
import { messageOf } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import {
  boolType,
  convertValue,
  dynamicValue,
  elementEntries,
  friendlyName,
  objectValue,
  stringType,
  tupleValue,
  type Type,
  type Value,
} from '../../cty/index.ts';
import type { ForNode, Node } from '../node.ts';
import type { Evaluator } from './evaluator.ts';

const CONDITION = "Invalid 'for' condition";
const KEY = 'Invalid object key';

export function evaluateFor(node: ForNode, evaluator: Evaluator): Value {
  const collection = evaluator.evaluate(node.collection);
  if (!canIterate(collection, node, evaluator) || !checkCondition(node, evaluator)) return dynamicValue;
  if (!collection.isKnown) return dynamicValue;
  const loop = new Loop(node, evaluator);
  for (const [key, value] of elementEntries(collection)) loop.turn(withElement(node, evaluator, key, value));
  return loop.result();
}

function canIterate({ type, isNull }: Value, node: ForNode, evaluator: Evaluator): boolean {
  const { range } = node.collection;
  if (isNull) {
    const detail = "A null value cannot be used as the collection in a 'for' expression.";
    evaluator.report('Iteration over null value', detail, range, node.range);
    return false;
  }
  if (type.kind === 'dynamic') return false;
  const isIterable = 'element' in type || type.kind === 'tuple' || type.kind === 'object';
  if (!isIterable) {
    const detail = `A value of type ${friendlyName(type)} cannot be used as the collection in a 'for' expression.`;
    evaluator.report('Iteration over non-iterable value', detail, range, node.range);
  }
  return isIterable;
}

/** Tries the condition before there are elements, so that what is wrong with it is not told for each. */
function checkCondition(node: ForNode, evaluator: Evaluator): boolean {
  const { condition } = node;
  if (condition === undefined) return true;
  const before = evaluator.diagnostics.length;
  const result = withElement(node, evaluator, dynamicValue, dynamicValue).evaluate(condition);
  if (result.isNull) {
    const detail = "The value of the 'if' clause must not be null.";
    evaluator.report('Condition is null', detail, condition.range, node.range);
    return false;
  }
  try {
    convertValue(result, boolType);
  } catch (error) {
    const detail = `The 'if' clause value is invalid: ${messageOf(error)}.`;
    evaluator.report(CONDITION, detail, condition.range, node.range);
    return false;
  }
  return !evaluator.hasErrorsSince(before);
}

function withElement(node: ForNode, evaluator: Evaluator, key: Value, value: Value): Evaluator {
  const variables = new Map<string, Value>();
  if (node.keyName !== undefined) variables.set(node.keyName, key);
  return evaluator.withVariables(variables.set(node.valueName, value));
}

/** Collects the results, element by element. */
class Loop {
  readonly #node: ForNode;
  readonly #evaluator: Evaluator;
  /** Something about the result is not known. What follows is evaluated all the same, for its diagnostics. */
  #isKnown = true;
  readonly #values: Value[] = [];
  readonly #members = new Map<string, Value>();
  readonly #groups = new Map<string, Value[]>();

  constructor(node: ForNode, evaluator: Evaluator) {
    this.#node = node;
    this.#evaluator = evaluator;
  }

  result(): Value {
    if (!this.#isKnown) return dynamicValue;
    if (this.#node.key === undefined) return tupleValue(this.#values);
    if (!this.#node.isGrouped) return objectValue(this.#members);
    return objectValue(Array.from(this.#groups, ([key, values]) => [key, tupleValue(values)] as const));
  }

  turn(element: Evaluator): void {
    const { condition, key, value } = this.#node;
    if (condition !== undefined && !this.#isIncluded(condition, element)) return;
    if (key === undefined) this.#values.push(element.evaluate(value));
    else this.#member(key, element);
  }

  #isIncluded(condition: Node, element: Evaluator): boolean {
    const result = element.evaluate(condition);
    if (result.isNull) {
      this.#fault(CONDITION, "The value of the 'if' clause must not be null.", condition);
      return false;
    }
    const include = this.#convert(result, boolType, (why) => {
      this.#fault(CONDITION, `The 'if' clause value is invalid: ${why}.`, condition);
    });
    if (include === undefined || include.isKnown) return include?.asBool() === true;
    this.#isKnown = false;
    return false;
  }

  #member(keyNode: Node, element: Evaluator): void {
    const given = element.evaluate(keyNode);
    if (given.isNull) {
      this.#fault(KEY, "Key expression in 'for' expression must not produce a null value.", keyNode);
      return;
    }
    if (!given.isKnown) {
      this.#isKnown = false;
      return;
    }
    const key = this.#convert(given, stringType, (why) => {
      this.#fault(KEY, `The key expression produced an invalid result: ${why}.`, keyNode);
    });
    if (key === undefined) return;
    this.#add(key.asString(), element.evaluate(this.#node.value), keyNode);
  }

  #add(name: string, value: Value, keyNode: Node): void {
    if (this.#node.isGrouped) {
      const group = this.#groups.get(name);
      if (group === undefined) this.#groups.set(name, [value]);
      else group.push(value);
    } else if (this.#members.has(name)) {
      const detail = `Two different items produced the key ${goQuote(name)} in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.`;
      this.#evaluator.report('Duplicate object key', detail, keyNode.range, this.#node.range);
    } else this.#members.set(name, value);
  }

  #convert(value: Value, type: Type, report: (why: string) => void): Value | undefined {
    try {
      return convertValue(value, type);
    } catch (error) {
      report(messageOf(error));
      return undefined;
    }
  }

  /** Told once: the elements after it are likely to have the same fault. */
  #fault(summary: string, detail: string, node: Node): void {
    if (this.#isKnown) this.#evaluator.report(summary, detail, node.range, this.#node.range);
    this.#isKnown = false;
  }
}
