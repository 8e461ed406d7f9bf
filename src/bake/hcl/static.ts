// What expressions are, as they stand, without their values. Matches hcl/traversal_for_expr.go and hcl/expr_*.go.
import type { CallNode, Node, ObjectNode, Traversal, TupleNode } from './node.ts';

/** The expression as a reference; undefined when it is none. The constants `true`, `false` and `null` count as names. */
export function traversalOf(node: Node): Traversal | undefined {
  switch (node.kind) {
    case 'traversal':
      return node;
    case 'literal': {
      const root = constantName(node.value);
      return root === undefined ? undefined : { root, rootRange: node.range, steps: [] };
    }
    case 'relative': {
      const source = traversalOf(node.source);
      return source && { ...source, steps: [...source.steps, ...node.steps] };
    }
    case 'object key':
      return node.isParenthesized ? undefined : traversalOf(node.expression);
    default:
      return undefined;
  }
}

function constantName(value: (Node & { readonly kind: 'literal' })['value']): string | undefined {
  if (value.isNull) return 'null';
  return value.type.kind === 'bool' && value.isKnown ? String(value.asBool()) : undefined;
}

/** The only name that the expression consists of; undefined when there is more to it. */
export function keywordOf(node: Node): string | undefined {
  const traversal = traversalOf(node);
  return traversal?.steps.length === 0 ? traversal.root : undefined;
}

function bareKey(node: Node): Node {
  return node.kind === 'object key' ? node.expression : node;
}

export function callOf(node: Node): CallNode | undefined {
  const bare = bareKey(node);
  return bare.kind === 'call' ? bare : undefined;
}

export function tupleOf(node: Node): TupleNode | undefined {
  const bare = bareKey(node);
  return bare.kind === 'tuple' ? bare : undefined;
}

export function objectOf(node: Node): ObjectNode | undefined {
  const bare = bareKey(node);
  return bare.kind === 'object' ? bare : undefined;
}
