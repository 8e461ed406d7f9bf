import type { SourceRange } from '../range.ts';

/** Kinds of tokens. Symbols are called by their spelling. */
export type TokenType =
  | '{'
  | '}'
  | '['
  | ']'
  | '('
  | ')'
  | 'open quote'
  | 'close quote'
  | 'open heredoc'
  | 'close heredoc'
  | '*'
  | '/'
  | '+'
  | '-'
  | '%'
  | '='
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||'
  | '!'
  | '.'
  | ','
  | '::'
  | '...'
  | '=>'
  | '?'
  | ':'
  | '${' // with or without a strip marker
  | '%{'
  | 'template end' // the brace that ends the former two
  | 'quoted literal' // may have backslash escapes
  | 'string literal' // of heredocs and bare templates: has none
  | 'number'
  | 'identifier'
  | 'comment'
  | 'newline'
  | 'end of file'
  // What the language does not have, for better diagnostics:
  | '&'
  | '|'
  | '~'
  | '^'
  | "'"
  | '`'
  | ';'
  | 'invalid'
  | 'bad UTF-8'
  | 'quoted newline';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  readonly range: SourceRange;
}
