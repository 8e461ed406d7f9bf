import type { Diagnosed } from './diagnostic.ts';
import type { Expression } from './expression.ts';
import type { SourceRange } from './range.ts';

/** What a file or a block contains, of either syntax. It is read by a schema: in JSON nothing else tells what is a block. */
export interface Body {
  /** All that the schema names; anything else is wrong. */
  content(schema: BodySchema): Diagnosed<BodyContent>;
  /** All that the schema names, and a body of what is left. */
  partialContent(schema: BodySchema): PartialContent;
  /** Everything as attributes; blocks are wrong, but the attributes come all the same. */
  justAttributes(): Diagnosed<ReadonlyMap<string, Attribute>>;
  /** Where something that is missing could be written. */
  readonly missingItemRange: SourceRange;
}

export interface BodySchema {
  readonly attributes: readonly AttributeSchema[];
  readonly blocks: readonly BlockSchema[];
}

export interface AttributeSchema {
  readonly name: string;
  readonly isRequired?: boolean;
}

export interface BlockSchema {
  readonly type: string;
  /** What the labels are called: there must be as many. */
  readonly labelNames: readonly string[];
}

export interface BodyContent {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
}

export interface PartialContent extends Diagnosed<BodyContent> {
  readonly remain: Body;
}

export interface Attribute {
  readonly name: string;
  readonly expression: Expression;
  readonly nameRange: SourceRange;
  readonly range: SourceRange;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  /** Of the type and the labels. */
  readonly defRange: SourceRange;
  readonly typeRange: SourceRange;
  readonly labelRanges: readonly SourceRange[];
}
