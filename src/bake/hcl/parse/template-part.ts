import type { Node } from '../node.ts';
import type { SourceRange } from '../range.ts';

/** A piece of a template, before directives are matched with their ends. */
export type TemplatePart = LiteralPart | InterpolationPart | IfPart | ForPart | WordPart;

export interface LiteralPart {
  readonly kind: 'literal';
  text: string;
  range: SourceRange;
}

export interface InterpolationPart {
  readonly kind: 'interpolation';
  readonly node: Node;
  readonly range: SourceRange;
}

export interface IfPart {
  readonly kind: 'if';
  readonly condition: Node;
  readonly range: SourceRange;
}

export interface ForPart {
  readonly kind: 'for';
  readonly keyName?: string;
  readonly valueName: string;
  readonly collection: Node;
  readonly range: SourceRange;
}

/** `%{ else }` and the like. */
export interface WordPart {
  readonly kind: 'else' | 'endif' | 'endfor';
  readonly range: SourceRange;
}

/** All of a template. */
export interface TemplateParts {
  readonly parts: readonly TemplatePart[];
  readonly range: SourceRange;
  /** Where it ends. */
  readonly endRange: SourceRange;
}
