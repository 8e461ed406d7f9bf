// What would be built, as a graph: beyond buildx.
import { assertNever } from '../../base/errors.ts';
import { dotGraphText, type Graph, mermaidGraphText } from '../../base/graph-text.ts';
import { findTarget } from './definition.ts';
import type { ResolvedTargets } from './resolve.ts';
import type { Definition } from './target.ts';

export type BakeGraphFormat = 'dot' | 'json' | 'mermaid';

/** Groups, targets and what they need; ids are `group:NAME` and `target:NAME`. */
export interface BakeGraph {
  readonly nodes: readonly BakeNode[];
  readonly edges: readonly BakeEdge[];
}

interface BakeNode {
  readonly id: string;
  readonly kind: 'group' | 'target';
  readonly name: string;
  /** False: others only inherit it. */
  readonly built: boolean;
}

interface BakeEdge {
  /** `context`: the result of `to` is a named context of `from`. */
  readonly kind: 'member' | 'inherits' | 'context';
  readonly from: string;
  readonly to: string;
  /** The name of the context. */
  readonly context?: string;
}

/** The graph of what was asked for, in the order of the definition's resolution. */
export function bakeGraph(
  definition: Definition,
  { groups, targets }: Pick<ResolvedTargets, 'groups' | 'targets'>,
): BakeGraph {
  const nodes = new Map<string, BakeNode>();
  const edges: BakeEdge[] = [];
  const add = (kind: BakeNode['kind'], name: string, built: boolean): boolean => {
    const id = `${kind}:${name}`;
    const isNew = !nodes.has(id);
    if (isNew) nodes.set(id, { id, kind, name, built });
    return isNew;
  };
  for (const name of groups.keys()) add('group', name, true);
  for (const name of targets.keys()) add('target', name, true);
  for (const [name, { targets: members = [] }] of groups) {
    for (const member of new Set(members)) {
      const to = groups.has(member) && member !== name ? `group:${member}` : `target:${member}`;
      if (nodes.has(to)) edges.push({ kind: 'member', from: `group:${name}`, to });
    }
  }
  const inherit = (name: string): void => {
    for (const parent of new Set(findTarget(definition, name).inherits)) {
      const isNew = add('target', parent, false);
      edges.push({ kind: 'inherits', from: `target:${name}`, to: `target:${parent}` });
      if (isNew) inherit(parent);
    }
  };
  for (const [name, { contexts = new Map<string, string>() }] of targets) {
    inherit(name);
    for (const [context, to] of contexts) {
      if (to.startsWith('target:')) edges.push({ kind: 'context', from: `target:${name}`, to, context });
    }
  }
  return { nodes: [...nodes.values()], edges };
}

/** A graph as text: JSON as it is; in pictures groups are round, and what is inherited hangs on dashed lines. */
export function formatBakeGraph(graph: BakeGraph, format: BakeGraphFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(graph, undefined, 2)}\n`;
    case 'dot':
      return dotGraphText(picture(graph));
    case 'mermaid':
      return mermaidGraphText(picture(graph));
    default:
      return assertNever(format);
  }
}

function picture({ nodes, edges }: BakeGraph): Graph {
  const ids = new Map(nodes.map(({ id }, at) => [id, `n${at + 1}`]));
  const idOf = (id: string): string => ids.get(id) ?? id;
  return {
    nodes: nodes.map(({ id, kind, name }) => ({ id: idOf(id), label: name, isRound: kind === 'group' })),
    edges: edges.map(({ kind, from, to, context }) => ({
      from: idOf(from),
      to: idOf(to),
      label: kind === 'inherits' ? 'inherits' : context,
      isDashed: kind === 'inherits',
    })),
  };
}
