// Matches hclsyntax/variables.go and hclsyntax/walk.go. Without recursion: trees may be deep.
import type { Node, Traversal, TraversalNode } from './node.ts';
import { keywordOf } from './static.ts';

/** Names that a `for` gives to its parts, within those of the `for` around it. */
interface Scope {
  readonly names: readonly string[];
  readonly outer: Scope | undefined;
}

interface Place {
  readonly node: Node;
  readonly scope: Scope | undefined;
}

/** References to variables from outside of the expression, in the order of the source. */
export function variablesOf(node: Node): Traversal[] {
  const found: TraversalNode[] = [];
  walk(node, (node, scope) => {
    if (node.kind === 'traversal' && !isLocal(node.root, scope)) found.push(node);
  });
  return found;
}

/** Names of the functions that the expression calls, each as often as it does. */
export function functionCallsOf(node: Node): string[] {
  const found: string[] = [];
  walk(node, (node) => {
    if (node.kind === 'call') found.push(node.name);
  });
  return found;
}

function isLocal(name: string, scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.names.includes(name)) return true;
  return false;
}

function walk(root: Node, visit: (node: Node, scope: Scope | undefined) => void): void {
  const open: Place[] = [{ node: root, scope: undefined }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    visit(place.node, place.scope);
    const parts = partsOf(place);
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i];
      if (part !== undefined) open.push(part);
    }
  }
}

function partsOf({ node, scope }: Place): readonly Place[] {
  if (node.kind !== 'for') return childrenOf(node).map((child) => ({ node: child, scope }));
  const names = node.keyName === undefined ? [node.valueName] : [node.keyName, node.valueName];
  const inner: Scope = { names, outer: scope };
  const parts = [node.key, node.value, node.condition].filter((part) => part !== undefined);
  return [{ node: node.collection, scope }, ...parts.map((part) => ({ node: part, scope: inner }))];
}

const none: readonly Node[] = [];

function childrenOf(node: Exclude<Node, { readonly kind: 'for' }>): readonly Node[] {
  switch (node.kind) {
    case 'relative':
      return [node.source];
    case 'call':
      return node.args;
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'index':
      return [node.collection, node.key];
    case 'tuple':
      return node.elements;
    case 'object':
      return node.items.flatMap(({ key, value }) => [key, value]);
    case 'object key':
      // A bare name is no reference here.
      return keywordOf(node.expression) === undefined ? [node.expression] : none;
    case 'splat':
      return [node.source, node.each];
    case 'parentheses':
    case 'wrap':
      return [node.expression];
    case 'binary':
      return [node.left, node.right];
    case 'unary':
      return [node.operand];
    case 'template':
      return node.parts;
    case 'join':
      return [node.tuple];
    default:
      return none;
  }
}
