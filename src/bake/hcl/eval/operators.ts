// Matches hclsyntax/expression_ops.go.
import { messageOf } from '../../../base/errors.ts';
import {
  addNumbers,
  areEqual,
  type BigFloat,
  boolType,
  boolValue,
  compareNumbers,
  convertValue,
  divideNumbers,
  dynamicType,
  multiplyNumbers,
  numberType,
  numberValue,
  remainderOf,
  subtractNumbers,
  type Type,
  unknownValue,
  type Value,
} from '../../cty/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { BinaryNode, BinaryOperator, Node, UnaryNode } from '../node.ts';
import type { Evaluator } from './evaluator.ts';

interface Operation {
  readonly operands: Type;
  readonly result: Type;
  /** Undefined: not known. Throws INVALID_ARGUMENT. */
  readonly run: (left: Value, right: Value) => Value | undefined;
}

function arithmetic(compute: (left: BigFloat, right: BigFloat) => BigFloat): Operation {
  return {
    operands: numberType,
    result: numberType,
    run: (left, right) => known(left, right, () => numberValue(compute(left.asNumber(), right.asNumber()))),
  };
}

function comparison(holds: (order: number) => boolean): Operation {
  const compare = (left: Value, right: Value): Value =>
    boolValue(holds(compareNumbers(left.asNumber(), right.asNumber())));
  return {
    operands: numberType,
    result: boolType,
    run: (left, right) => known(left, right, () => compare(left, right)),
  };
}

function logic(decide: (left: boolean, right: boolean) => boolean): Operation {
  return {
    operands: boolType,
    result: boolType,
    run: (left, right) => known(left, right, () => boolValue(decide(left.asBool(), right.asBool()))),
  };
}

function equality(isWanted: boolean): Operation {
  return {
    operands: dynamicType,
    result: boolType,
    run(left, right) {
      const isEqual = areEqual(left, right);
      return isEqual === undefined ? undefined : boolValue(isEqual === isWanted);
    },
  };
}

function known(left: Value, right: Value, compute: () => Value): Value | undefined {
  if (left.isNull || right.isNull) throw new TypeError('argument must not be null');
  return left.isKnown && right.isKnown ? compute() : undefined;
}

const operations: Readonly<Record<BinaryOperator, Operation>> = {
  '||': logic((left, right) => left || right),
  '&&': logic((left, right) => left && right),
  '==': equality(true),
  '!=': equality(false),
  '>': comparison((order) => order > 0),
  '>=': comparison((order) => order >= 0),
  '<': comparison((order) => order < 0),
  '<=': comparison((order) => order <= 0),
  '+': arithmetic(addNumbers),
  '-': arithmetic(subtractNumbers),
  '*': arithmetic(multiplyNumbers),
  '/': arithmetic(divideNumbers),
  '%': arithmetic(remainderOf),
};

/** A value and what was wrong on the way to it. */
interface Side {
  readonly value: Value;
  readonly diagnostics: readonly Diagnostic[];
}

/** Operations of the same precedence lie left in each other: they are done one after the other, not one within the other. */
export function evaluateBinary(node: BinaryNode, evaluator: Evaluator): Value {
  const chain: BinaryNode[] = [];
  let first: Node = node;
  for (; first.kind === 'binary'; first = first.left) chain.push(first);
  let left = sideOf(first, evaluator);
  for (let operation = chain.pop(); operation !== undefined; operation = chain.pop()) {
    const apart = evaluator.apart();
    const value = operate(operation, left, apart);
    left = { value, diagnostics: apart.diagnostics };
  }
  evaluator.addAll(left.diagnostics);
  return left.value;
}

function sideOf(node: Node, evaluator: Evaluator): Side {
  const apart = evaluator.apart();
  return { value: apart.evaluate(node), diagnostics: apart.diagnostics };
}

function operate(node: BinaryNode, givenLeft: Side, evaluator: Evaluator): Value {
  const { operands, result, run } = operations[node.operator];
  const left = operand(givenLeft, node.left, 'left', { node, operands }, evaluator);
  const givenRight = sideOf(node.right, evaluator);
  const right = operand(givenRight, node.right, 'right', { node, operands }, evaluator);
  const unknown = unknownValue(result);
  if (left === undefined || right === undefined) {
    evaluator.addAll(givenLeft.diagnostics);
    evaluator.addAll(givenRight.diagnostics);
    return unknown;
  }
  if (node.operator === '||' || node.operator === '&&') {
    const decided = shortCircuit(
      node.operator === '||',
      { ...givenLeft, value: left },
      { ...givenRight, value: right },
    );
    if (decided !== undefined) {
      evaluator.addAll(decided.diagnostics);
      return decided.value;
    }
  }
  evaluator.addAll(givenLeft.diagnostics);
  evaluator.addAll(givenRight.diagnostics);
  if (evaluator.diagnostics.length > 0) return unknown;
  try {
    return run(left, right) ?? unknown;
  } catch (error) {
    evaluator.report('Operation failed', `Error during operation: ${messageOf(error)}.`, node.range);
    return unknown;
  }
}

function operand(
  { value }: Side,
  node: Node,
  which: 'left' | 'right',
  operation: { readonly node: BinaryNode; readonly operands: Type },
  evaluator: Evaluator,
): Value | undefined {
  return tryConvert(value, operation.operands, (why) => {
    const detail = `Unsuitable value for ${which} operand: ${why}.`;
    evaluator.report('Invalid operand', detail, node.range, operation.node.range);
  });
}

function tryConvert(value: Value, type: Type, report: (why: string) => void): Value | undefined {
  try {
    return convertValue(value, type);
  } catch (error) {
    report(messageOf(error));
    return undefined;
  }
}

/** What one side alone decides, with the diagnostics of that side; undefined when it takes both. */
function shortCircuit(isOr: boolean, left: Side, right: Side): Side | undefined {
  const unknown = unknownValue(boolType);
  const isLeftKnown = left.value.isKnown;
  const isRightKnown = right.value.isKnown;
  if (!isLeftKnown && !isRightKnown) {
    return left.diagnostics.length === 0 ? { value: unknown, diagnostics: left.diagnostics } : undefined;
  }
  // Null counts as false.
  const decides = ({ value }: Side): boolean => (value.isPresent && value.asBool()) === isOr;
  if (isLeftKnown && decides(left)) return { value: boolValue(isOr), diagnostics: left.diagnostics };
  if (isRightKnown && decides(right)) return { value: boolValue(isOr), diagnostics: right.diagnostics };
  if (!isLeftKnown) return { value: unknown, diagnostics: left.diagnostics };
  return isRightKnown ? undefined : { value: unknown, diagnostics: right.diagnostics };
}

export function evaluateUnary(node: UnaryNode, evaluator: Evaluator): Value {
  const type = node.operator === '-' ? numberType : boolType;
  const before = evaluator.diagnostics.length;
  const given = evaluator.evaluate(node.operand);
  const value = tryConvert(given, type, (why) => {
    const detail = `Unsuitable value for unary operand: ${why}.`;
    evaluator.report('Invalid operand', detail, node.operand.range, node.range);
  });
  if (value === undefined || evaluator.hasErrorsSince(before)) return unknownValue(type);
  if (value.isNull) {
    evaluator.report('Operation failed', 'Error during operation: argument must not be null.', node.range);
    return unknownValue(type);
  }
  if (!value.isKnown) return value;
  return node.operator === '-' ? numberValue(value.asNumber().negate()) : boolValue(!value.asBool());
}
