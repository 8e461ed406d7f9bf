import { trimSpace } from '../../base/go-unicode.ts';
import type { InstructionNode, LineSpan } from '../syntax/index.ts';

/** What every instruction keeps of its node. */
export interface SourceOfInstruction {
  readonly name: string;
  readonly code: string;
  readonly lines: LineSpan;
  readonly comments: readonly string[];
}

export function sourceOf(node: InstructionNode): SourceOfInstruction {
  return {
    name: node.keyword,
    code: trimSpace(node.original),
    lines: { start: node.start, end: node.end },
    comments: node.comments,
  };
}

/** The arguments; for ONBUILD the words of the instruction inside. */
export function argumentsOf(node: InstructionNode): readonly string[] {
  return node.trigger === undefined ? node.args : [node.trigger.keyword, ...argumentsOf(node.trigger)];
}

/** Exec form: the words as they are; shell form: one string, or none. */
export function commandOf(args: readonly string[], json: boolean): readonly string[] {
  return json || args.length === 0 ? args : [args.join(' ')];
}

/** The text after `name ` in the comments above a definition. */
export function docCommentOf(comments: readonly string[], name: string): string {
  if (name === '') return '';
  const comment = comments.find((line) => line.startsWith(`${name} `));
  return comment === undefined ? '' : comment.slice(name.length + 1);
}
