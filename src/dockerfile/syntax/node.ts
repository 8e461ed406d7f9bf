import type { EscapeToken } from '../shell/index.ts';
import type { LineSpan } from './location.ts';

/** A here-document that belongs to an instruction. */
export interface Heredoc {
  readonly name: string;
  readonly fileDescriptor: number;
  /** Variables in the content are expanded: no part of the word was quoted. */
  readonly expand: boolean;
  /** Written `<<-`: leading tabs are dropped. `content` still has them. */
  readonly chomp: boolean;
  readonly content: string;
}

/** One instruction, split into keyword, flags and arguments, not yet understood. */
export interface InstructionNode extends LineSpan {
  /** The keyword as written. */
  readonly keyword: string;
  /** The logical line: continuations joined, comments dropped. */
  readonly original: string;
  /** The leading `--name=value` words, unquoted. */
  readonly flags: readonly string[];
  /** The arguments; ENV and LABEL give triples of key, value and separator (`=` or empty). */
  readonly args: readonly string[];
  /** The arguments were written as a JSON array of strings. */
  readonly json: boolean;
  /** The instruction inside an ONBUILD; then `args` is empty. */
  readonly trigger?: InstructionNode | undefined;
  readonly heredocs: readonly Heredoc[];
  /** The comment lines right above, without `#`, blank comment lines starting anew. */
  readonly comments: readonly string[];
}

/** A `\` continuation followed by an empty line, which the reference only warns of. */
export interface SyntaxWarning extends LineSpan {
  readonly short: string;
  readonly detail: readonly string[];
  readonly url: string;
}

/** The parsed file, in the order of its lines. */
export interface DockerfileAst extends LineSpan {
  readonly nodes: readonly InstructionNode[];
  readonly escapeToken: EscapeToken;
  readonly warnings: readonly SyntaxWarning[];
}
