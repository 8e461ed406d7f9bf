// Matches the tokens of go.yaml.in/yaml/v4.
import type { Mark } from './mark.ts';

export type TokenType =
  | 'stream-start'
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface Token {
  readonly type: TokenType;
  readonly mark: Mark;
  /** The text of a scalar, an anchor, an alias; the handle of a tag; the numbers of a version. */
  readonly value: string;
  /** What stands behind the handle of a tag. */
  readonly suffix: string;
  readonly style: ScalarStyle;
}

export function newToken(type: TokenType, mark: Mark, more: Partial<Token> = {}): Token {
  return { type, mark, value: more.value ?? '', suffix: more.suffix ?? '', style: more.style ?? 'plain' };
}
