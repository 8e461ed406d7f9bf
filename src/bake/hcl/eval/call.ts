// Matches FunctionCallExpr of hclsyntax/expression.go.
import { messageOf } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import {
  ArgumentError,
  convertValue,
  dynamicValue,
  type FunctionParameter,
  type FunctionSpec,
  type Value,
} from '../../cty/index.ts';
import type { HclFunction, LazyArgument, LazyFunction, LazyParameter } from '../lazy-function.ts';
import { type CallNode, type Node, startRange } from '../node.ts';
import { rangeBetween } from '../range.ts';
import { readTypeConstraint } from '../type-constraint.ts';
import type { Evaluator } from './evaluator.ts';
import { expandArguments } from './expand-arguments.ts';
import { reportUnknownFunction } from './unknown-function.ts';

const INVALID_ARGUMENT = 'Invalid function argument';

interface Call {
  readonly node: CallNode;
  readonly called: HclFunction;
  /** With those that the last one was expanded to. */
  readonly args: readonly Node[];
}

export function evaluateCall(node: CallNode, evaluator: Evaluator): Value {
  const called = findFunction(node, evaluator);
  const args = called && expandArguments(node, evaluator);
  if (called === undefined || args === undefined) return dynamicValue;
  const call: Call = { node, called, args };
  if (!checkCount(call, evaluator)) return dynamicValue;
  const before = evaluator.diagnostics.length;
  const run = 'callLazily' in called ? prepareLazily(call, called, evaluator) : prepare(call, called, evaluator);
  if (evaluator.hasErrorsSince(before)) return dynamicValue;
  try {
    return run();
  } catch (error) {
    reportFailure(call, error, evaluator);
    return dynamicValue;
  }
}

function findFunction(node: CallNode, evaluator: Evaluator): HclFunction | undefined {
  let hasFunctions = false;
  for (let at = evaluator.context; at !== undefined; at = at.parent) {
    if (at.functions === undefined) continue;
    hasFunctions = true;
    const found = at.functions.get(node.name);
    if (found !== undefined) return found;
  }
  if (hasFunctions) reportUnknownFunction(node, evaluator);
  else evaluator.report('Function calls not allowed', 'Functions may not be called here.', node.range);
  return undefined;
}

function checkCount({ node, called, args }: Call, evaluator: Evaluator): boolean {
  const { parameters, variadic } = called;
  const missing = parameters[args.length];
  const count = parameters.length;
  if (missing !== undefined) {
    const least = variadic === undefined ? '' : ' at least';
    const detail = `Function ${goQuote(node.name)} expects${least} ${count} argument(s). Missing value for ${goQuote(missing.name)}.`;
    evaluator.report('Not enough function arguments', detail, node.closeRange, node.range);
    return false;
  }
  const extra = args[count];
  if (variadic !== undefined || extra === undefined) return true;
  const detail = `Function ${goQuote(node.name)} expects only ${count} argument(s).`;
  evaluator.report('Too many function arguments', detail, startRange(extra), node.range);
  return false;
}

/** Evaluates the arguments; what is returned makes the call. */
function prepare({ node, args }: Call, called: FunctionSpec, evaluator: Evaluator): () => Value {
  const values = args.map((arg, i) => valueOf(arg, called.parameters[i] ?? called.variadic, node, evaluator));
  return () => called.call(values);
}

function prepareLazily({ node, args }: Call, called: LazyFunction, evaluator: Evaluator): () => Value {
  const read = args.map((arg, i) => argumentOf(arg, called.parameters[i] ?? called.variadic, node, evaluator));
  return () => called.callLazily(read);
}

function argumentOf(
  arg: Node,
  parameter: LazyParameter | undefined,
  node: CallNode,
  evaluator: Evaluator,
): LazyArgument {
  const expression = evaluator.expressionOf(arg);
  if (parameter?.takes === 'expression')
    return { kind: 'expression', evaluate: () => expression.evaluate(evaluator.context) };
  if (parameter?.takes !== 'type') return { kind: 'value', value: valueOf(arg, parameter, node, evaluator) };
  const { value, diagnostics } = readTypeConstraint(expression);
  evaluator.addAll(diagnostics);
  return { kind: 'type', type: value };
}

function valueOf(arg: Node, parameter: FunctionParameter | undefined, node: CallNode, evaluator: Evaluator): Value {
  const value = evaluator.evaluate(arg);
  if (parameter === undefined) return value;
  try {
    return convertValue(value, parameter.type);
  } catch (error) {
    const detail = `Invalid value for ${goQuote(parameter.name)} parameter: ${messageOf(error)}.`;
    evaluator.report(INVALID_ARGUMENT, detail, startRange(arg), node.range);
    return dynamicValue;
  }
}

function reportFailure({ node, called, args }: Call, error: unknown, evaluator: Evaluator): void {
  const why = messageOf(error);
  const index = error instanceof ArgumentError ? error.index : undefined;
  const parameter = index === undefined ? undefined : (called.parameters[index] ?? called.variadic);
  if (parameter === undefined) {
    const detail = `Call to function ${goQuote(node.name)} failed: ${why}.`;
    evaluator.report('Error in function call', detail, rangeBetween(node.nameRange, node.openRange), node.range);
    return;
  }
  const detail = `Invalid value for ${goQuote(parameter.name)} parameter: ${why}.`;
  const arg = args[index ?? 0];
  if (arg === undefined) evaluator.report(INVALID_ARGUMENT, detail, node.range);
  else evaluator.report(INVALID_ARGUMENT, detail, startRange(arg), node.range);
}
