// A definition as a picture: which step needs which.
import { dotGraphText, type Graph, type GraphEdge, mermaidGraphText } from '../base/graph-text.ts';
import type { Json, OpDump } from './dump-codec.ts';
import { customName } from './vertex.ts';

interface Step {
  readonly id: string;
  readonly digest: string;
  readonly label: string;
  /** Digests of the steps that it needs. */
  readonly inputs: readonly string[];
}

/** The graph in Graphviz's language. */
export function dotGraph(ops: readonly OpDump[]): string {
  return dotGraphText(graphOf(ops));
}

/** The graph as a Mermaid flowchart. */
export function mermaidGraph(ops: readonly OpDump[]): string {
  return mermaidGraphText(graphOf(ops));
}

function graphOf(ops: readonly OpDump[]): Graph {
  const steps = stepsOf(ops);
  return { nodes: Array.from(steps.values(), ({ id, label }) => ({ id, label })), edges: edgesOf(steps) };
}

/** The steps by digest; ops that platforms share are one. */
function stepsOf(ops: readonly OpDump[]): ReadonlyMap<string, Step> {
  const steps = new Map<string, Step>();
  for (const { digest, op, metadata } of ops) {
    if (steps.has(digest)) continue;
    const inputs = listOf(field(op, 'inputs')).map((input) => textOf(field(input, 'digest')));
    steps.set(digest, { id: `s${steps.size + 1}`, digest, label: labelOf(op, metadata), inputs });
  }
  return steps;
}

function edgesOf(steps: ReadonlyMap<string, Step>): GraphEdge[] {
  return [...steps.values()].flatMap(({ id, inputs }) =>
    [...new Set(inputs)].flatMap((digest): GraphEdge[] => {
      const input = steps.get(digest);
      return input === undefined ? [] : [{ from: input.id, to: id }];
    }),
  );
}

function labelOf(op: Json, metadata: Json): string {
  const name = textOf(field(field(metadata, 'description'), customName));
  if (name !== '') return name;
  const identifier = textOf(field(field(op, 'source'), 'identifier'));
  if (identifier !== '') return identifier;
  const args = listOf(field(field(field(op, 'exec'), 'meta'), 'args')).map(textOf);
  if (args.length > 0) return args.join(' ');
  return ['file', 'merge', 'diff', 'build'].find((kind) => field(op, kind) !== undefined) ?? 'result';
}

function field(value: Json | undefined, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
