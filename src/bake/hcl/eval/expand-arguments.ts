// Matches FunctionCallExpr of hclsyntax/expression.go.
import type { Value } from '../../cty/index.ts';
import type { CallNode, Node } from '../node.ts';
import type { Evaluator } from './evaluator.ts';

/** The arguments, the last one taken apart if it is marked so; undefined when there can be no call. */
export function expandArguments(node: CallNode, evaluator: Evaluator): readonly Node[] | undefined {
  const last = node.args.at(-1);
  if (!node.expandsLast || last === undefined) return node.args;
  const before = evaluator.diagnostics.length;
  const value = evaluator.evaluate(last);
  if (evaluator.hasErrorsSince(before)) return undefined;
  const fault = faultOf(value);
  if (fault !== undefined) {
    const detail = `The expanding argument (indicated by ...) must ${fault}.`;
    evaluator.report('Invalid expanding argument value', detail, last.range, node.range);
  }
  if (fault !== undefined || !value.isKnown) return undefined;
  const elements = value.asElements().map((element): Node => ({ kind: 'literal', value: element, range: last.range }));
  return [...node.args.slice(0, -1), ...elements];
}

function faultOf({ type: { kind }, isNull }: Value): string | undefined {
  if (kind !== 'dynamic' && kind !== 'tuple' && kind !== 'list' && kind !== 'set')
    return 'be of a tuple, list, or set type';
  return isNull ? 'not be null' : undefined;
}
