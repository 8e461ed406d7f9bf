// The part of @dagrejs/dagre that is used: its own types import each other in a way that strict resolution refuses, so
// tsconfig.json leads its name to this file.
interface Point {
  x: number;
  y: number;
}

interface GraphLabel {
  width?: number;
  height?: number;
  rankdir?: 'TB' | 'LR';
  nodesep?: number;
  ranksep?: number;
  marginx?: number;
  marginy?: number;
  ranker?: 'network-simplex' | 'tight-tree' | 'longest-path';
}

interface Graph {
  setGraph(label: GraphLabel): void;
  graph(): GraphLabel;
  setDefaultEdgeLabel(make: () => object): void;
  setNode(id: string, size: { width: number; height: number }): void;
  setEdge(from: string, to: string): void;
  /** Of the middle, after the layout. */
  node(id: string): Point;
  edge(from: string, to: string): { points: Point[] };
}

declare const dagre: {
  readonly graphlib: { readonly Graph: new () => Graph };
  layout(graph: Graph): void;
};

export default dagre;
