// Matches FunctionCallExpr of hclsyntax/expression.go.
import { goQuote } from '../../../base/go-quote.ts';
import { suggest } from '../../../base/suggest.ts';
import { nearestNameHint } from '../name-hint.ts';
import type { CallNode } from '../node.ts';
import type { Evaluator } from './evaluator.ts';

/** Says that there is no such function. Names to choose from are those of the context at hand, not of its parents. */
export function reportUnknownFunction({ name, nameRange, range }: CallNode, evaluator: Evaluator): void {
  const available = [...(evaluator.context?.functions?.keys() ?? [])];
  const end = name.lastIndexOf('::');
  const detail =
    end < 0
      ? `There is no function named ${goQuote(name)}.${nearestNameHint(name, available)}`
      : detailInNamespace(name.slice(0, end + 2), name.slice(end + 2), available);
  evaluator.report('Call to unknown function', detail, nameRange, range);
}

function detailInNamespace(namespace: string, name: string, available: readonly string[]): string {
  const siblings = available.filter((other) => other.startsWith(namespace));
  if (siblings.length === 0) return `There are no functions in namespace ${goQuote(namespace)}.`;
  const near = suggest(name, siblings, { caseSensitive: true, unordered: true });
  const hint = near === undefined ? '' : ` Did you mean ${namespace}${near}?`;
  return `There is no function named ${goQuote(name)} in namespace ${namespace}.${hint}`;
}
