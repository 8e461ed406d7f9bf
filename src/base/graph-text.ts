/** A node; its id is a plain word. */
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** Default: a box. */
  readonly isRound?: boolean | undefined;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string | undefined;
  readonly isDashed?: boolean | undefined;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** A graph in Graphviz's language. */
export function dotGraphText({ nodes, edges }: Graph): string {
  const nodeLines = nodes.map(({ id, label, isRound }) => `  ${id}${dotAttributes({ label, isRound })};`);
  const edgeLines = edges.map(({ from, to, ...look }) => `  ${from} -> ${to}${dotAttributes(look)};`);
  return ['digraph {', '  rankdir=LR;', '  node [shape=box];', ...nodeLines, ...edgeLines, '}', ''].join('\n');
}

type Look = Pick<GraphNode, 'isRound'> & Pick<GraphEdge, 'label' | 'isDashed'>;

function dotAttributes({ label, isRound, isDashed }: Look): string {
  const attributes = [
    ...(label === undefined ? [] : [`label=${dotText(label)}`]),
    ...(isRound ? ['shape=ellipse'] : []),
    ...(isDashed ? ['style=dashed'] : []),
  ];
  return attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`;
}

/** A graph as a Mermaid flowchart. */
export function mermaidGraphText({ nodes, edges }: Graph): string {
  const nodeLines = nodes.map(({ id, label, isRound }) => {
    const text = `"${mermaidText(label)}"`;
    return `  ${id}${isRound ? `([${text}])` : `[${text}]`}`;
  });
  const edgeLines = edges.map(({ from, to, label, isDashed }) => {
    const text = label === undefined ? '' : `|"${mermaidText(label)}"|`;
    return `  ${from} ${isDashed ? '-.->' : '-->'}${text} ${to}`;
  });
  return ['flowchart LR', ...nodeLines, ...edgeLines, ''].join('\n');
}

function dotText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function mermaidText(text: string): string {
  const named = text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
  return named.replaceAll('\n', '<br>');
}
