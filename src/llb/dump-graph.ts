// A definition as a picture: which step needs which.
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
  const steps = stepsOf(ops);
  const nodes = [...steps.values()].map(({ id, label }) => `  ${id} [label=${dotText(label)}];`);
  const edges = edgesOf(steps).map(([from, to]) => `  ${from} -> ${to};`);
  return ['digraph {', '  rankdir=LR;', '  node [shape=box];', ...nodes, ...edges, '}', ''].join('\n');
}

/** The graph as a Mermaid flowchart. */
export function mermaidGraph(ops: readonly OpDump[]): string {
  const steps = stepsOf(ops);
  const nodes = [...steps.values()].map(({ id, label }) => `  ${id}["${mermaidText(label)}"]`);
  const edges = edgesOf(steps).map(([from, to]) => `  ${from} --> ${to}`);
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
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

function edgesOf(steps: ReadonlyMap<string, Step>): (readonly [from: string, to: string])[] {
  return [...steps.values()].flatMap(({ id, inputs }) =>
    [...new Set(inputs)].flatMap((digest): (readonly [string, string])[] => {
      const input = steps.get(digest);
      return input === undefined ? [] : [[input.id, id]];
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

function dotText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

function mermaidText(text: string): string {
  const named = text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;');
  return named.replaceAll('\n', '<br>');
}
