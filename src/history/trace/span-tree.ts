import { isSpanRef, type Span } from '../spans.ts';

/** A span with those that it began, in order of start. */
export interface SpanNode {
  readonly span: Span;
  readonly children: readonly SpanNode[];
}

interface Node {
  readonly span: Span;
  readonly children: Node[];
}

/**
 * The spans as trees: those whose parent is not there are outermost. Spans that name each other as parents are outermost
 * too, so that none is lost and nothing goes round.
 */
export function spanTrees(spans: readonly Span[]): readonly SpanNode[] {
  const nodes = spans.toSorted(byStart).map((span): Node => ({ span, children: [] }));
  const byId = new Map(nodes.map((node) => [node.span.spanId, node]));
  const roots: Node[] = [];
  for (const node of nodes) {
    const parent = isSpanRef(node.span.parent) ? byId.get(node.span.parent.spanId) : undefined;
    if (parent === undefined || parent === node) roots.push(node);
    else parent.children.push(node);
  }
  const reached = new Set<Node>();
  const reach = (start: Node): void => {
    const stack = [start];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (reached.has(node)) continue;
      reached.add(node);
      stack.push(...node.children);
    }
  };
  roots.forEach(reach);
  for (const node of nodes) {
    if (reached.has(node)) continue;
    // a ring: cut it before this one
    const parent = byId.get(node.span.parent.spanId);
    parent?.children.splice(parent.children.indexOf(node), 1);
    roots.push(node);
    reach(node);
  }
  return roots;
}

function byStart(a: Span, b: Span): number {
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0;
}
