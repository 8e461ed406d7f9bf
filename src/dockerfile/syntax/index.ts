export { detectSyntax, type Directive, type DirectiveName, findDirective, readCheckComment } from './directives.ts';
export { chompHeredoc, parseHeredocWord, type HeredocWord } from './heredoc.ts';
export {
  DockerfileError,
  isDockerfileError,
  type LineSpan,
  lineRanges,
  noLines,
  locationsOf,
  type Position,
  type Range,
  withLocation,
  withOnlyLocation,
} from './location.ts';
export type { DockerfileAst, Heredoc, InstructionNode, SyntaxWarning } from './node.ts';
export { parseSyntax } from './parse.ts';
