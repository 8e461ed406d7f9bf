import { isSpanRef, type Span } from '../spans.ts';

/** A span with those that it began, in order of start. */
export interface SpanNode {
  readonly span: Span;
  readonly children: readonly SpanNode[];
}

const DEPTH_LIMIT = 100;

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
    let level = [start];
    for (let depth = 1; level.length > 0; depth++) {
      for (const node of level) reached.add(node);
      // what lies deeper than anybody nests becomes flat
      if (depth === DEPTH_LIMIT) for (const node of level) flatten(node, reached);
      level = level.flatMap(({ children }) => children).filter((node) => !reached.has(node));
    }
  };
  for (const root of roots) reach(root);
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

/** Makes all that is below a node its children. */
function flatten(top: Node, reached: Set<Node>): void {
  for (let index = 0; index < top.children.length; index++) {
    const node = top.children[index];
    if (node === undefined || reached.has(node)) continue;
    reached.add(node);
    for (const child of node.children.splice(0)) top.children.push(child);
  }
}

function byStart(a: Span, b: Span): number {
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0;
}
