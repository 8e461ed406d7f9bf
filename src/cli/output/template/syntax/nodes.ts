// The tree of a template, and its nodes as text: errors quote them as Go's parser writes them.
import { assertNever } from '../../../../base/errors.ts';
import { goQuote } from '../../../../base/go-quote.ts';
import type { NumberConstant } from './number.ts';

interface Place {
  /** Where it stands in the template, in UTF-16 units. */
  readonly at: number;
}

export type Operand =
  | (Place & { readonly kind: 'bool'; readonly value: boolean })
  | (Place & { readonly kind: 'dot' })
  | (Place & { readonly kind: 'nil' })
  | (Place & { readonly kind: 'number'; readonly text: string; readonly number: NumberConstant })
  | (Place & { readonly kind: 'string'; readonly quoted: string; readonly value: string })
  | (Place & { readonly kind: 'field'; readonly names: readonly string[] })
  | (Place & { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[] })
  | (Place & { readonly kind: 'function'; readonly name: string })
  | (Place & { readonly kind: 'chain'; readonly of: Operand; readonly fields: readonly string[] })
  | Pipeline;

export interface Command extends Place {
  readonly kind: 'command';
  readonly words: readonly [Operand, ...Operand[]];
}

export interface Pipeline extends Place {
  readonly kind: 'pipeline';
  readonly assigns: boolean;
  readonly variables: readonly string[];
  readonly commands: readonly Command[];
}

export interface Branch extends Place {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[] | undefined;
}

export type Node =
  | (Place & { readonly kind: 'text'; readonly text: string })
  | (Place & { readonly kind: 'action'; readonly pipeline: Pipeline })
  | (Place & { readonly kind: 'break' | 'continue' })
  | (Place & { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined })
  | Branch;

/** Whatever an error can point at. */
export type AnyNode = Node | Operand | Command;

export function nodeText(node: AnyNode): string {
  switch (node.kind) {
    case 'bool':
      return String(node.value);
    case 'dot':
      return '.';
    case 'nil':
    case 'break':
    case 'continue':
      return node.kind === 'nil' ? 'nil' : `{{${node.kind}}}`;
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
    case 'text':
      return node.text;
    case 'field':
      return `.${node.names.join('.')}`;
    case 'variable':
      return [node.name, ...node.fields].join('.');
    case 'function':
      return node.name;
    case 'chain':
      return `${wordText(node.of)}.${node.fields.join('.')}`;
    case 'command':
      return node.words.map(wordText).join(' ');
    case 'pipeline':
      return pipelineText(node);
    case 'action':
      return `{{${pipelineText(node.pipeline)}}}`;
    case 'template':
      return `{{template ${goQuote(node.name)}${node.pipeline === undefined ? '' : ` ${pipelineText(node.pipeline)}`}}}`;
    case 'if':
    case 'with':
    case 'range':
      return branchText(node);
    default:
      return assertNever(node);
  }
}

function nodesText(nodes: readonly Node[]): string {
  return nodes.map(nodeText).join('');
}

function wordText(word: Operand): string {
  return word.kind === 'pipeline' ? `(${pipelineText(word)})` : nodeText(word);
}

function pipelineText({ assigns, variables, commands }: Pipeline): string {
  const head = variables.length === 0 ? '' : `${variables.join(', ')} ${assigns ? '=' : ':='} `;
  return `${head}${commands.map(nodeText).join(' | ')}`;
}

function branchText({ kind, pipeline, body, otherwise }: Branch): string {
  const rest = otherwise === undefined ? '' : `{{else}}${nodesText(otherwise)}`;
  return `{{${kind} ${pipelineText(pipeline)}}}${nodesText(body)}${rest}{{end}}`;
}

/** True when the nodes show nothing: a definition like that may be replaced. */
export function isEmptyTree(nodes: readonly Node[]): boolean {
  return nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}
