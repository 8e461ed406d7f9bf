import type { SpanNode } from './span-tree.ts';

/** The same work in two traces; one of them may lack it. */
export interface SpanPair {
  readonly first: SpanNode | undefined;
  readonly second: SpanNode | undefined;
  readonly children: readonly SpanPair[];
}

/**
 * Pairs spans that have the same place: below pairs, those of the same name in the same order; what is left, by names without
 * digests, ids and numbers, and steps by their place in the Dockerfile, whether they ran or came from the cache. The order is that of the second, what only the first has comes where it began.
 */
export function pairSpans(first: readonly SpanNode[], second: readonly SpanNode[]): readonly SpanPair[] {
  const partners = new Map<SpanNode, SpanNode>();
  const taken = new Set<SpanNode>();
  for (const nameOf of [exactName, looseName, placeName]) {
    const free = first.filter((node) => !taken.has(node));
    const waiting = new Map(Array.from(Map.groupBy(free, nameOf), ([name, nodes]) => [name, nodes.values()]));
    for (const node of second) {
      if (partners.has(node)) continue;
      const partner = waiting.get(nameOf(node))?.next().value;
      if (partner === undefined) continue;
      partners.set(node, partner);
      taken.add(partner);
    }
  }
  const onlyFirst = new Map<SpanNode | undefined, SpanPair[]>();
  let before: SpanNode | undefined;
  for (const node of first) {
    if (taken.has(node)) before = node;
    else {
      const gone = onlyFirst.get(before) ?? [];
      gone.push(pairOf(node, undefined));
      onlyFirst.set(before, gone);
    }
  }
  const pairs = second.flatMap((node) => {
    const partner = partners.get(node);
    const after = partner === undefined ? [] : (onlyFirst.get(partner) ?? []);
    return [pairOf(partner, node), ...after];
  });
  return [...(onlyFirst.get(undefined) ?? []), ...pairs];
}

function pairOf(first: SpanNode | undefined, second: SpanNode | undefined): SpanPair {
  return { first, second, children: pairSpans(first?.children ?? [], second?.children ?? []) };
}

function exactName({ span }: SpanNode): string {
  return span.name;
}

function looseName({ span }: SpanNode): string {
  return span.name.replace(/sha256:[0-9a-f]+|\b[0-9a-z]{25}\b|\d+/g, '#');
}

/** `[build 2/3] RUN` of a step, whatever it runs. */
function placeName(node: SpanNode): string {
  const [place] = /^(?:cache request: )?\[[^\]]+\] \w+/.exec(node.span.name.replace(/^load cache: /, '')) ?? [];
  return place ?? exactName(node);
}
