import type { SourceRange } from '../range.ts';

export type JsonTokenType =
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | '=' // to remind of JSON's colon
  | 'keyword'
  | 'string'
  | 'number'
  | 'end of file'
  | 'invalid';

export interface JsonToken {
  readonly type: JsonTokenType;
  readonly text: string;
  readonly range: SourceRange;
}
