// The syntax tree of bodies.
import type { Node } from './node.ts';
import type { SourceRange } from './range.ts';

/** What a file or a block contains. */
export interface SyntaxBody {
  readonly attributes: ReadonlyMap<string, SyntaxAttribute>;
  readonly blocks: readonly SyntaxBlock[];
  readonly range: SourceRange;
}

export interface SyntaxAttribute {
  readonly name: string;
  readonly value: Node;
  readonly nameRange: SourceRange;
  readonly range: SourceRange;
}

export interface SyntaxBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: SyntaxBody;
  readonly typeRange: SourceRange;
  readonly labelRanges: readonly SourceRange[];
  readonly openRange: SourceRange;
}
